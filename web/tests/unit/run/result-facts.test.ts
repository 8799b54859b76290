import { expect, test } from "vitest";
import { ofInteger } from "@/document/exact-json";
import { factsOf } from "@/run/result-facts";

const PROMPT = {
  "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "a.safetensors" } },
  "2": { class_type: "CLIPTextEncode", inputs: { text: ["9", 0], clip: ["1", 1] } },
  "3": { class_type: "CLIPTextEncode", inputs: { text: "blurred", clip: ["1", 1] } },
  "4": { class_type: "EmptyLatentImage", inputs: { width: 512, height: 768, batch_size: 1 } },
  "5": {
    class_type: "KSampler",
    inputs: {
      seed: ofInteger(2n ** 64n - 1n),
      steps: 20,
      cfg: 7.5,
      sampler_name: "euler",
      model: ["1", 0],
      positive: ["10", 0],
      negative: ["3", 0],
      latent_image: ["4", 0],
    },
  },
  "6": { class_type: "VAEDecode", inputs: { samples: ["5", 0], vae: ["1", 2] } },
  "7": { class_type: "SaveImage", inputs: { images: ["6", 0], filename_prefix: "x" } },
  "8": { class_type: "LoraLoader", inputs: { lora_name: "unused.safetensors", model: ["1", 0] } },
  "9": { class_type: "PrimitiveString", inputs: { value: "a cat on a mat" } },
  "10": { class_type: "ControlNetApply", inputs: { conditioning: ["2", 0], strength: 1 } },
};

test("the facts are those of what the node depends on, seeds exact, prompts by whatever way they come", () => {
  expect(Object.fromEntries(factsOf(PROMPT, "7").map(({ name, value }) => [name, value]))).toEqual({
    prompt: "a cat on a mat",
    negative: "blurred",
    seed: "18446744073709551615",
    steps: "20",
    cfg: "7.5",
    sampler: "euler",
    model: "a.safetensors",
    size: "512 × 768",
  });
});

test("without a node everything in the workflow counts", () => {
  expect(factsOf(PROMPT).find(({ name }) => name === "lora")?.value).toBe("unused.safetensors");
});

test("links in a circle and links that lead nowhere end the search", () => {
  const circle = {
    "1": { inputs: { conditioning: ["2", 0] } },
    "2": { inputs: { conditioning: ["1", 0], positive: ["3", 0] } },
    "4": { inputs: { positive: ["1", 0] } },
  };
  expect(factsOf(circle, "4")).toEqual([]);
});

test("a workflow that says nothing has no facts", () => {
  expect(factsOf({})).toEqual([]);
  expect(factsOf({ "1": null, "2": { inputs: 3 } })).toEqual([]);
});
