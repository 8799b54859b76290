/** A small workflow for tests: a loader, a text and a sampler, wired. */

import { readWorkflow } from "@/document/read";
import type { JsonObject } from "@/document/records";
import { DocumentStore } from "@/document/store";

export const WORKFLOW: JsonObject = {
  id: "0d4f0b02-6a3c-4a2c-8f6a-1d9a4a3c5b77",
  revision: 0,
  last_node_id: 3,
  last_link_id: 2,
  nodes: [
    {
      id: 1,
      type: "CheckpointLoaderSimple",
      pos: [0, 0],
      size: [300, 100],
      flags: {},
      order: 0,
      mode: 0,
      inputs: [],
      outputs: [
        { name: "MODEL", type: "MODEL", links: [1] },
        { name: "CLIP", type: "CLIP", links: [2] },
        { name: "VAE", type: "VAE", links: null },
      ],
      properties: {},
      widgets_values: ["starter.safetensors"],
    },
    {
      id: 2,
      type: "CLIPTextEncode",
      pos: [400, 0],
      size: [300, 100],
      flags: {},
      order: 1,
      mode: 0,
      inputs: [{ name: "clip", type: "CLIP", link: 2 }],
      outputs: [{ name: "CONDITIONING", type: "CONDITIONING", links: [] }],
      properties: {},
      widgets_values: ["a cat"],
    },
    {
      id: 3,
      type: "KSampler",
      pos: [800, 0],
      size: [300, 200],
      flags: {},
      order: 2,
      mode: 0,
      inputs: [{ name: "model", type: "MODEL", link: 1 }],
      outputs: [],
      properties: {},
      widgets_values: [7, "fixed", 20, 8, "euler", "normal", 1],
    },
  ],
  links: [
    [1, 1, 0, 3, 0, "MODEL"],
    [2, 1, 1, 2, 0, "CLIP"],
  ],
  groups: [
    { id: 1, title: "Text", bounding: [380, -60, 340, 200], color: "#3f789e", font_size: 24, flags: {} },
  ],
  config: {},
  extra: {},
  version: 0.4,
};

/** Return a document with that workflow. */
export const sampleStore = (): DocumentStore => new DocumentStore(readWorkflow(WORKFLOW));
