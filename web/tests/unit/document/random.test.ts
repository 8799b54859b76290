import { expect, test } from "vitest";
import { readWorkflow } from "@/document/read";
import { DocumentStore } from "@/document/store";
import { writeWorkflow } from "@/document/write";
import { complaints, staleIds } from "./invariants";
import { CATALOGUE } from "./object-info";
import { RandomEditor } from "./random-edits";
import { randomOf } from "./random-numbers";
import { template } from "./workflow-files";

const STARTS = [
  "image_qwen_image_instantx_inpainting_controlnet.json",
  "04_hunyuan_3d_2.1_subgraphed.json",
  "05_audio_ace_step_1_t2a_song_subgraphed.json",
  "gligen_textbox_example.json",
  "sd3.5_large_depth.json",
];
const STEPS = 10_000;

test.each(STARTS.map((name, seed) => [name, seed + 1] as const))(
  "10,000 random edits of %s can all be taken back and done again, to the byte",
  (name, seed) => {
    const store = new DocumentStore(readWorkflow(template(name)));
    const start = JSON.stringify(writeWorkflow(store.records));
    const stale = staleIds(store.records);
    const editor = new RandomEditor(store, CATALOGUE, randomOf(seed));
    for (let at = 0; at < STEPS; at++) {
      const kind = editor.step();
      if (at % 10 === 0) expect(complaints(store.records, stale), `after step ${at}, ${kind}`).toEqual([]);
    }
    const end = JSON.stringify(writeWorkflow(store.records));
    expect(JSON.stringify(writeWorkflow(readWorkflow(JSON.parse(end))))).toBe(end);
    const steps = store.done.length;
    expect(steps).toBeGreaterThan(STEPS / 3);
    while (store.undo());
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(start);
    for (let at = 0; at < steps; at++) store.redo();
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(end);
    expect([...editor.done.keys()].sort()).toHaveLength(26);
  },
  60_000,
);
