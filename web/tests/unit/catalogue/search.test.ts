import { describe, expect, test } from "vitest";
import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { searchNodes } from "@/catalogue/search";

const kind = (type: string, more: Partial<NodeDefinition> = {}): [string, NodeDefinition] => [
  type,
  {
    type,
    title: type,
    category: "",
    description: "",
    inputs: [],
    outputs: [],
    isOutput: false,
    deprecated: false,
    experimental: false,
    module: "nodes",
    aliases: [],
    ...more,
  },
];
const input = (type: string) => ({ name: "in", type, options: {}, required: true });
const output = (type: string) => ({ name: "out", type, isList: false });

const catalogue: Catalogue = new Map([
  kind("KSampler", {
    category: "sampling",
    inputs: [input("MODEL"), input("LATENT")],
    outputs: [output("LATENT")],
  }),
  kind("KSamplerAdvanced", {
    title: "KSampler (Advanced)",
    category: "sampling",
    outputs: [output("LATENT")],
  }),
  kind("SamplerCustom", { category: "sampling/custom", outputs: [output("LATENT")] }),
  kind("VAEDecode", { title: "VAE Decode", inputs: [input("LATENT")], outputs: [output("IMAGE")] }),
  kind("VAEDecodeTiled", {
    title: "VAE Decode (Tiled)",
    inputs: [input("LATENT")],
    outputs: [output("IMAGE")],
  }),
  kind("SaveImage", { title: "Save Image", inputs: [input("IMAGE")], aliases: ["export", "write"] }),
  kind("ImageInvert", { title: "Invert Image", inputs: [input("IMAGE")], outputs: [output("IMAGE")] }),
  kind("OldImage", { title: "Image old", deprecated: true, outputs: [output("IMAGE")] }),
  kind("CLIPTextEncode", { title: "CLIP Text Encode (Prompt)", category: "conditioning" }),
]);

const found = (query: string, options = {}): string[] =>
  searchNodes(catalogue, query, options).map(({ type }) => type);

describe("what is typed", () => {
  test("finds the name itself before longer ones", () => {
    expect(found("ksampler").slice(0, 2)).toEqual(["KSampler", "KSamplerAdvanced"]);
    expect(found("vae decode")[0]).toBe("VAEDecode");
  });

  test("must fit with every word, in any order", () => {
    expect(found("image save")).toEqual(["SaveImage"]);
    expect(found("save nothing")).toEqual([]);
  });

  test("finds initials, aliases and what categories are called", () => {
    expect(found("cte")[0]).toBe("CLIPTextEncode");
    expect(found("export")).toEqual(["SaveImage"]);
    expect(found("conditioning")).toEqual(["CLIPTextEncode"]);
  });

  test("finds letters left out, but not letters far apart", () => {
    expect(found("smplr")).toContain("KSampler");
    expect(found("zzz")).toEqual([]);
  });
});

test("what is used often comes before what fits as well", () => {
  expect(found("vae")[0]).toBe("VAEDecode");
  expect(found("vae", { usage: { VAEDecodeTiled: 30 } })[0]).toBe("VAEDecodeTiled");
  expect(found("ksampler", { usage: { SamplerCustom: 1000 } })[0]).toBe("KSampler");
});

test("old kinds come last", () => {
  expect(found("image").at(-1)).toBe("OldImage");
  expect(found("").at(-1)).toBe("OldImage");
});

test("without words all kinds are listed, the most used first", () => {
  const listed = found("", { usage: { VAEDecode: 2 } });
  expect(listed).toHaveLength(catalogue.size);
  expect(listed[0]).toBe("VAEDecode");
});

test("only kinds with a socket for the type are found", () => {
  expect(found("", { type: "LATENT" }).sort()).toEqual(["KSampler", "VAEDecode", "VAEDecodeTiled"]);
  expect(found("image", { type: "IMAGE", side: "output" }).sort()).toEqual(["ImageInvert", "OldImage"]);
});
