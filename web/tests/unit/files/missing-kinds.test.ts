import { expect, it } from "vitest";
import { readObjectInfo } from "@/catalogue/object-info";
import { readWorkflow } from "@/document/read";
import { missingKinds, nearestKind } from "@/files/missing-kinds";
import { WORKFLOW } from "./sample-workflow";

const kind = (name: string) => ({
  input: {},
  output: [],
  name,
  display_name: name,
  category: "",
  python_module: "",
});
const catalogue = readObjectInfo({
  CheckpointLoaderSimple: kind("CheckpointLoaderSimple"),
  KSampler: kind("KSampler"),
});

it("names each missing kind once, with its pack and the kind that is near", () => {
  const json = structuredClone(WORKFLOW) as { nodes: { type: string; properties: object }[] };
  const [, text, sampler] = json.nodes;
  if (!text || !sampler) throw new Error("the sample has three nodes");
  sampler.type = "KSamplerFast";
  sampler.properties = { cnr_id: "fast-pack" };
  text.type = "Qwxz";
  const found = missingKinds(readWorkflow(json as never), catalogue);
  expect(found.map(({ type, pack, nearest }) => [type, pack, nearest])).toEqual([
    ["Qwxz", null, null],
    ["KSamplerFast", "fast-pack", "KSampler"],
  ]);
});

it("takes notes, reroutes and primitives for known", () => {
  const json = structuredClone(WORKFLOW) as { nodes: { type: string }[] };
  const types = ["Note", "MarkdownNote", "Reroute"];
  for (const [at, type] of types.entries()) Object.assign(json.nodes[at] ?? {}, { type });
  expect(missingKinds(readWorkflow(json as never), catalogue)).toEqual([]);
});

it("calls nothing near that shares only a few letters", () => {
  expect(nearestKind("LoadImage", ["SaveImage", "LoadImageMask"])).toBe("LoadImageMask");
  expect(nearestKind("LoadImage", ["KSampler"])).toBeNull();
});
