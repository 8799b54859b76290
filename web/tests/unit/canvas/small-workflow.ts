/** A workflow of three nodes and two wires, and the kinds of its nodes. */

import { Scene } from "@/canvas/scene";
import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { readWorkflow } from "@/document/read";
import { DocumentStore } from "@/document/store";

const kind = (
  type: string,
  inputs: readonly [string, string][],
  outputs: readonly string[],
): NodeDefinition => ({
  type,
  title: type,
  category: "test",
  description: "",
  inputs: inputs.map(([name, of]) => ({ name, type: of, options: {}, required: true })),
  outputs: outputs.map((of) => ({ name: of, type: of, isList: false })),
  isOutput: outputs.length === 0,
  deprecated: false,
  experimental: false,
  module: "nodes",
  aliases: [],
});

export const CATALOGUE: Catalogue = new Map(
  [
    kind("Source", [], ["IMAGE"]),
    kind(
      "Blur",
      [
        ["image", "IMAGE"],
        ["radius", "INT"],
      ],
      ["IMAGE"],
    ),
    kind("Show", [["image", "IMAGE"]], []),
    kind("Number", [], ["INT"]),
  ].map((one) => [one.type, one]),
);

const WORKFLOW = {
  last_node_id: 4,
  last_link_id: 2,
  nodes: [
    {
      id: 1,
      type: "Source",
      pos: [0, 0],
      size: [200, 80],
      outputs: [{ name: "IMAGE", type: "IMAGE", links: [1] }],
    },
    {
      id: 2,
      type: "Blur",
      pos: [300, 0],
      size: [200, 100],
      inputs: [{ name: "image", type: "IMAGE", link: 1 }],
      outputs: [{ name: "IMAGE", type: "IMAGE", links: [2] }],
      widgets_values: [3],
    },
    {
      id: 3,
      type: "Show",
      pos: [600, 0],
      size: [200, 80],
      inputs: [{ name: "image", type: "IMAGE", link: 2 }],
    },
    {
      id: 4,
      type: "Number",
      pos: [0, 300],
      size: [200, 80],
      outputs: [{ name: "INT", type: "INT", links: [] }],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, "IMAGE"],
    [2, 2, 0, 3, 0, "IMAGE"],
  ],
  groups: [{ id: 1, title: "All", bounding: [-50, -100, 900, 300] }],
  version: 0.4,
};

/** Return the workflow, laid out and kept up to date. */
export function smallScene(): { readonly store: DocumentStore; readonly scene: Scene } {
  const store = new DocumentStore(readWorkflow(WORKFLOW));
  const scene = new Scene(store, "root", CATALOGUE);
  store.subscribe((diff) => scene.apply(diff));
  return { store, scene };
}
