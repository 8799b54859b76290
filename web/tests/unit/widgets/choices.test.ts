import { describe, expect, it } from "vitest";
import type { InputDefinition } from "@/catalogue/definitions";
import type { JsonObject } from "@/document/records";
import { nearestChoice } from "@/values/nearest-choice";
import { byFolder, searchChoices } from "@/widgets/choice/choice-search";
import { neighbour } from "@/widgets/choice/neighbour";
import { choicesIn, routeOf } from "@/widgets/choice/remote-choices";

const MODELS = ["v1-5-pruned-emaonly.safetensors", "xl/sd_xl_base_1.0.safetensors", "xl/refiner.safetensors"];

describe("searching choices", () => {
  it("finds every word in any order, the best fit first", () => {
    expect(searchChoices(["my base", "base xl", "xl base"], "base xl")[0]).toBe("base xl");
    expect(searchChoices(MODELS, "XL base")).toEqual(["xl/sd_xl_base_1.0.safetensors"]);
    expect(searchChoices(MODELS, "nothing")).toEqual([]);
  });

  it("keeps the order of the list without a query", () => {
    expect(searchChoices(MODELS, "  ")).toBe(MODELS);
  });

  it("is quick with ten thousand entries", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `folder${at % 50}/lora-${at}.safetensors`);
    expect(searchChoices(many, "lora-777").slice(0, 2)).toEqual([
      "folder27/lora-777.safetensors",
      "folder20/lora-7770.safetensors",
    ]);
  });
});

describe("folders", () => {
  it("group names in the order of the list, those without a folder first", () => {
    expect(byFolder(["b/x", "a", "b/y", "c\\d\\z"])).toEqual([
      { folder: "", entries: ["a"] },
      { folder: "b", entries: ["b/x", "b/y"] },
      { folder: "c/d", entries: ["c\\d\\z"] },
    ]);
  });
});

describe("the nearest choice", () => {
  it("is the same model under another name or in another folder", () => {
    expect(nearestChoice("SD1.5/v1-5-pruned-emaonly.ckpt", MODELS)).toBe("v1-5-pruned-emaonly.safetensors");
    expect(nearestChoice("sd_xl_base.safetensors", MODELS)).toBe("xl/sd_xl_base_1.0.safetensors");
  });

  it("is none where nothing is alike", () => {
    expect(nearestChoice("qqqq.safetensors", MODELS)).toBeUndefined();
    expect(nearestChoice("a.png", [])).toBeUndefined();
  });
});

describe("walking through choices by key", () => {
  const press = (key: string) => ({ key, ctrlKey: false, metaKey: false, altKey: false });

  it("goes one on with the arrows, and stops at the ends", () => {
    expect(neighbour(["a", "b"], "a", press("ArrowRight"))).toBe("b");
    expect(neighbour(["a", "b"], "b", press("ArrowRight"))).toBeUndefined();
    expect(neighbour(["a", "b"], "a", press("ArrowLeft"))).toBeUndefined();
  });

  it("goes to the next name that begins with a letter", () => {
    const samplers = ["euler", "heun", "dpm_2", "ddim"];
    expect(neighbour(samplers, "euler", press("d"))).toBe("dpm_2");
  });

  it("leaves keys with Ctrl alone", () => {
    expect(neighbour(["a", "b"], "a", { ...press("b"), ctrlKey: true })).toBeUndefined();
  });
});

describe("lists of routes", () => {
  const input = (options: JsonObject): InputDefinition => ({
    name: "a",
    type: "COMBO",
    options,
    required: true,
  });

  it("are those of this server only", () => {
    expect(routeOf(input({ remote: { route: "/api/models/loras" } }))).toBe("/models/loras");
    expect(routeOf(input({ remote: { route: "/pack/list" } }))).toBe("/pack/list");
    expect(routeOf(input({ remote: { route: "//elsewhere.example/list" } }))).toBeUndefined();
    expect(routeOf(input({ remote: { route: "https://elsewhere.example/list" } }))).toBeUndefined();
    expect(routeOf(input({}))).toBeUndefined();
  });

  it("are taken from the answer, or from under the key that the input names", () => {
    expect(choicesIn(["x", 2], input({ remote: { route: "/a" } }))).toEqual(["x", 2]);
    expect(choicesIn({ files: ["x"] }, input({ remote: { route: "/a", response_key: "files" } }))).toEqual([
      "x",
    ]);
    expect(choicesIn({ error: "no" }, input({ remote: { route: "/a" } }))).toEqual([]);
  });
});
