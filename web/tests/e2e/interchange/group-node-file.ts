/** A workflow with group nodes, as older editors saved it, and what this editor makes of it. */

import type { Catalogue } from "@/catalogue/definitions";
import { parseExact } from "@/document/exact-json";
import { convertGroupNode } from "@/document/group-nodes";
import { type JsonObject, ROOT } from "@/document/records";
import { Workbench } from "./workbench";

const output = (name: string, links: readonly number[] = []) => ({ name, type: name, links });
const input = (name: string, type: string, link: number | null = null) => ({ name, type, link });

const PAINTER = {
  nodes: [
    {
      id: -1,
      index: 0,
      type: "EmptyLatentImage",
      pos: [0, 0],
      size: [300, 100],
      flags: {},
      mode: 0,
      inputs: [],
      outputs: [output("LATENT")],
      widgets_values: [8, 8, 1],
    },
    {
      id: -1,
      index: 1,
      type: "KSampler",
      pos: [400, 0],
      size: [300, 260],
      flags: {},
      mode: 0,
      inputs: [
        input("model", "MODEL"),
        input("positive", "CONDITIONING"),
        input("negative", "CONDITIONING"),
        input("latent_image", "LATENT"),
        { ...input("cfg", "FLOAT"), widget: { name: "cfg" } },
      ],
      outputs: [output("LATENT")],
      widgets_values: [1, "fixed", 20, 8, "euler", "normal", 1],
    },
    {
      id: -1,
      index: 2,
      type: "KSampler",
      pos: [800, 0],
      size: [300, 260],
      flags: {},
      mode: 0,
      inputs: [
        input("model", "MODEL"),
        input("positive", "CONDITIONING"),
        input("negative", "CONDITIONING"),
        input("latent_image", "LATENT"),
      ],
      outputs: [output("LATENT")],
      widgets_values: [2, "fixed", 5, 3, "euler", "normal", 0.5],
    },
  ],
  links: [
    [0, 0, 1, 3, 3, "LATENT"],
    [1, 0, 2, 3, 4, "LATENT"],
  ],
  external: [[1, 0, "LATENT"]],
  config: { "0": { input: { batch_size: { visible: false } } } },
};

function instance(id: number, values: readonly unknown[], links: readonly (number | null)[]) {
  const types = ["MODEL", "CONDITIONING", "CONDITIONING", "MODEL", "CONDITIONING", "CONDITIONING", "FLOAT"];
  const names = ["model", "positive", "negative"];
  const second = names.map((name) => `KSampler ${name}`);
  return {
    id,
    type: "workflow>painter",
    pos: [800, id * 100],
    size: [400, 500],
    flags: {},
    mode: 0,
    order: id,
    inputs: [...names, ...second, "cfg"].map((name, at) => input(name, types[at] ?? "*", links[at] ?? null)),
    outputs:
      id === 4
        ? [output("LATENT", [20]), output("KSampler LATENT", [21])]
        : [output("LATENT"), output("KSampler LATENT", [22])],
    properties: {},
    widgets_values: values,
  };
}

const node = (id: number, type: string, more: object) => ({
  id,
  type,
  pos: [0, id * 200],
  size: [300, 100],
  flags: {},
  mode: 0,
  order: id,
  properties: {},
  ...more,
});

/** Return a workflow in which a group is used twice, with values and wires of its own each time. */
export function groupNodeFile(): string {
  const nodes = [
    node(1, "CheckpointLoaderSimple", {
      outputs: [output("MODEL", [1, 4, 11, 14]), output("CLIP", [7, 8]), output("VAE", [30, 31, 32])],
      widgets_values: ["starter.safetensors"],
    }),
    node(2, "CLIPTextEncode", {
      inputs: [input("clip", "CLIP", 7)],
      outputs: [output("CONDITIONING", [2, 5, 12, 15])],
      widgets_values: ["a pear"],
    }),
    node(3, "CLIPTextEncode", {
      inputs: [input("clip", "CLIP", 8)],
      outputs: [output("CONDITIONING", [3, 6, 13, 16])],
      widgets_values: [""],
    }),
    instance(
      4,
      [64, 32, 2, 5, "fixed", 4, "heun", "karras", 1, 6, "fixed", 2, 3, "euler", "simple", 0.5],
      [1, 2, 3, 4, 5, 6, null],
    ),
    instance(
      5,
      [128, 64, 1, 7, "fixed", 3, "lms", "normal", 0.9, 8, "randomize", 1, 4, "ddim", "normal", 0.4],
      [11, 12, 13, 14, 15, 16, null],
    ),
    ...[20, 21, 22].flatMap((link) => [
      node(link, "VAEDecode", {
        inputs: [input("samples", "LATENT", link), input("vae", "VAE", link + 10)],
        outputs: [output("IMAGE", [link + 20])],
      }),
      node(link + 10, "PreviewImage", { inputs: [input("images", "IMAGE", link + 20)] }),
    ]),
  ];
  const into = (first: number, target: number) =>
    [1, 2, 3, 1, 2, 3].map((origin, at) => [
      first + at,
      origin,
      0,
      target,
      at,
      at % 3 === 0 ? "MODEL" : "CONDITIONING",
    ]);
  const links = [
    ...into(1, 4),
    [7, 1, 1, 2, 0, "CLIP"],
    [8, 1, 1, 3, 0, "CLIP"],
    ...into(11, 5),
    [20, 4, 0, 20, 0, "LATENT"],
    [21, 4, 1, 21, 0, "LATENT"],
    [22, 5, 1, 22, 0, "LATENT"],
    ...[20, 21, 22].flatMap((id) => [
      [id + 10, 1, 2, id, 1, "VAE"],
      [id + 20, id, 0, id + 10, 0, "IMAGE"],
    ]),
  ];
  const extra = { groupNodes: { painter: PAINTER } };
  return JSON.stringify({
    last_node_id: 32,
    last_link_id: 42,
    nodes,
    links,
    groups: [],
    config: {},
    extra,
    version: 0.4,
  });
}

/** Return a workflow with subgraphs in the place of its group nodes. */
export function withoutGroupNodes(text: string, catalogue: Catalogue): string {
  const bench = new Workbench(catalogue, parseExact(text) as JsonObject);
  for (const id of [4, 5]) {
    bench.store.transact("convert", (tx) => convertGroupNode(tx, ROOT, id, catalogue));
  }
  return bench.text;
}
