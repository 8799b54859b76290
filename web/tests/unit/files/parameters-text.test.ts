import { expect, it } from "vitest";
import { ofInteger } from "@/document/exact-json";
import { readParameters, workflowOfParameters } from "@/files/parameters-text";

const TEXT = `a castle, (detailed:1.2)
on a hill
Negative prompt: blurry
Steps: 25, Sampler: DPM++ 2M SDE Karras, CFG scale: 6.5, Seed: 18446744073709551615, Size: 640x832, Model hash: 6ce0161689, Model: dream, Lora hashes: "a: 1, b: 2", Version: v1.9`;

it("reads what a picture of another tool was made with", () => {
  expect(readParameters(TEXT)).toEqual({
    prompt: "a castle, (detailed:1.2)\non a hill",
    negative: "blurry",
    steps: 25,
    cfg: 6.5,
    seed: ofInteger(18446744073709551615n),
    width: 640,
    height: 832,
    sampler: "dpmpp_2m_sde",
    scheduler: "karras",
    model: "dream",
  });
});

it("takes a schedule that is told apart from the sampler", () => {
  const read = readParameters("cat\nSteps: 4, Sampler: Euler a, Schedule type: SGM Uniform, CFG scale: 1");
  expect([read?.sampler, read?.scheduler, read?.negative]).toEqual(["euler_ancestral", "sgm_uniform", ""]);
});

it("leaves texts of other kinds alone", () => {
  expect(readParameters("just a caption")).toBeNull();
  expect(readParameters("")).toBeNull();
  expect(readParameters("a: b, Steps: none")).toBeNull();
});

it("makes a workflow whose nodes are all wired", () => {
  const read = readParameters(TEXT);
  if (!read) throw new Error("nothing was read");
  const nodes = workflowOfParameters(read);
  const links = Object.values(nodes).flatMap((node) =>
    Object.values((node as { inputs: Record<string, unknown> }).inputs).filter(Array.isArray),
  );
  expect(links.every(([id]) => id in nodes)).toBe(true);
  expect(links).toHaveLength(9);
});
