/** The text that A1111 and its kin write into pictures, and the workflow that does what it says. */

import { exactInteger, ofInteger } from "@/document/exact-json";
import type { Json, JsonObject } from "@/document/records";

/** What such a text says; null where it does not. */
export interface Parameters {
  readonly prompt: string;
  readonly negative: string;
  readonly steps: number;
  readonly cfg: number;
  readonly seed: Json;
  readonly width: number;
  readonly height: number;
  readonly sampler: string;
  readonly scheduler: string;
  readonly model: string | null;
}

const SAMPLERS: Readonly<Record<string, string>> = {
  "euler a": "euler_ancestral",
  euler: "euler",
  heun: "heun",
  lms: "lms",
  dpm2: "dpm_2",
  "dpm2 a": "dpm_2_ancestral",
  "dpm++ 2s a": "dpmpp_2s_ancestral",
  "dpm++ 2m": "dpmpp_2m",
  "dpm++ sde": "dpmpp_sde",
  "dpm++ 2m sde": "dpmpp_2m_sde",
  "dpm++ 3m sde": "dpmpp_3m_sde",
  "dpm fast": "dpm_fast",
  "dpm adaptive": "dpm_adaptive",
  ddim: "ddim",
  unipc: "uni_pc",
  lcm: "lcm",
};
const SCHEDULERS = ["karras", "exponential", "sgm uniform", "simple", "normal", "beta"];
const LONGEST_SIDE = 16_384;

/** Return what the text says, or null where it is of another kind. */
export function readParameters(content: string): Parameters | null {
  const lines = content.replace(/\r/g, "").trim().split("\n");
  const facts = factsOf(lines.at(-1) ?? "");
  const steps = Number(facts.get("steps"));
  if (!Number.isInteger(steps) || steps < 1) return null;
  const [prompt = "", negative = ""] = lines
    .slice(0, -1)
    .join("\n")
    .split(/^Negative prompt:/m);
  const [width, height] = sizeOf(facts.get("size"));
  const [sampler, scheduler] = samplerOf(facts.get("sampler") ?? "", facts.get("schedule type") ?? "");
  const seed = /^\d{1,20}$/.test(facts.get("seed") ?? "") ? BigInt(facts.get("seed") ?? 0) : 0n;
  return {
    prompt: prompt.trim(),
    negative: negative.trim(),
    steps,
    cfg: Number(facts.get("cfg scale")) || 7,
    seed: ofInteger(seed),
    width,
    height,
    sampler,
    scheduler,
    model: facts.get("model") ?? null,
  };
}

function factsOf(line: string): ReadonlyMap<string, string> {
  const pairs = line.matchAll(/\s*([A-Za-z][\w /-]*):\s*("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)/g);
  return new Map([...pairs].map(([, key = "", value = ""]) => [key.toLowerCase(), value.trim()]));
}

function sizeOf(size = ""): readonly [number, number] {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(size) ?? [];
  const fits = (side: string | undefined) => Math.min(LONGEST_SIDE, Math.max(16, Number(side ?? 512)));
  return [fits(width), fits(height)];
}

function samplerOf(name: string, schedule: string): readonly [string, string] {
  const lower = name.toLowerCase();
  const ending = SCHEDULERS.find((one) => lower.endsWith(` ${one}`));
  const bare = ending ? lower.slice(0, -ending.length - 1) : lower;
  const told = schedule.toLowerCase();
  const scheduler = ending ?? (SCHEDULERS.includes(told) ? told : "normal");
  return [SAMPLERS[bare] ?? "euler", scheduler.replace(" ", "_")];
}

/** Return a workflow of the API format that makes such a picture. */
export function workflowOfParameters(parameters: Parameters): JsonObject {
  const { prompt, negative, steps, cfg, seed, width, height, sampler, scheduler, model } = parameters;
  const node = (class_type: string, inputs: JsonObject): JsonObject => ({ class_type, inputs });
  const checkpoint = model === null ? {} : { ckpt_name: `${model}.safetensors` };
  return {
    "1": node("CheckpointLoaderSimple", checkpoint),
    "2": node("CLIPTextEncode", { text: prompt, clip: ["1", 1] }),
    "3": node("CLIPTextEncode", { text: negative, clip: ["1", 1] }),
    "4": node("EmptyLatentImage", { width, height, batch_size: 1 }),
    "5": node("KSampler", {
      model: ["1", 0],
      positive: ["2", 0],
      negative: ["3", 0],
      latent_image: ["4", 0],
      seed: exactInteger(seed) === null ? 0 : seed,
      steps,
      cfg,
      sampler_name: sampler,
      scheduler,
      denoise: 1,
    }),
    "6": node("VAEDecode", { samples: ["5", 0], vae: ["1", 2] }),
    "7": node("SaveImage", { images: ["6", 0], filename_prefix: "ComfyUI" }),
  };
}
