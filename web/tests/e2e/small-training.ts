/** A training job that takes seconds: a LoRA of the starter on a few coloured squares. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { Server } from "./harness";

const COLORS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [210, 40, 40],
  green: [40, 170, 70],
  blue: [40, 70, 200],
};
const SIDE = 64;

/** Draw the data set `squares` into the server's input folder. */
export function putSquares(server: Server): void {
  const folder = join(server.base, "input", "squares");
  mkdirSync(folder, { recursive: true });
  for (const [name, color] of Object.entries(COLORS)) {
    writeFileSync(join(folder, `${name}.png`), png(color));
    writeFileSync(join(folder, `${name}.txt`), `a ${name} square`);
  }
}

/** Return a job in the format of the API: `steps` steps with an average of the weights, pictures at every few. */
export function trainingJob(steps: number, every: number, seed: number): object {
  const node = (class_type: string, inputs: object) => ({ class_type, inputs });
  return {
    "1": node("CheckpointLoaderSimple", { ckpt_name: "starter.safetensors" }),
    "2": node("LoadImageFolder", { folder: "squares", captions: "text file", width: SIDE, height: SIDE }),
    "3": node("TrainingEMA", { decay: 0.9, start: "warmup", seen_steps: 0, every: 1 }),
    "4": node("TrainingPreviews", {
      prompts: "a red square\na blue square",
      every,
      seed: 1,
      steps: 3,
      cfg: 2,
    }),
    "5": node("TrainLoRA", {
      model: ["1", 0],
      clip: ["1", 1],
      vae: ["1", 2],
      dataset: ["2", 0],
      ema: ["3", 0],
      previews: ["4", 0],
      rank: 2,
      alpha: 2,
      targets: "attn2",
      train_text: false,
      dropout: 0,
      steps,
      batch_size: 1,
      learning_rate: 0.002,
      accumulate: 1,
      precision: "float32",
      seed,
    }),
    "6": node("SaveLoRA", { lora: ["5", 2], filename_prefix: "loras/squares" }),
  };
}

/** Queue a job as another program would; returns its id. */
export async function queue(server: Server, prompt: object): Promise<string> {
  const answer = await fetch(`${server.url}/prompt`, { method: "POST", body: JSON.stringify({ prompt }) });
  const told = (await answer.json()) as { prompt_id?: string };
  if (told.prompt_id === undefined) throw new Error(JSON.stringify(told));
  return told.prompt_id;
}

/** Return a picture of one colour as a PNG file. */
function png(color: readonly [number, number, number]): Buffer {
  const row = Buffer.from([0, ...Array.from({ length: SIDE }, () => color).flat()]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
