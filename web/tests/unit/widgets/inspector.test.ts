import { describe, expect, it } from "vitest";
import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { addNode, positionOf } from "@/document/nodes";
import { emptyWorkflow } from "@/document/read";
import { type NodeRecord, nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { nodesBefore, nodesBehind, runningOrder } from "@/widgets/inspector/running-order";
import { addBefore, addBehind, cutWire, joinInput, joinOutput } from "@/widgets/inspector/wire-changes";
import {
  fittingInputs,
  fittingKinds,
  fittingOutputs,
  type Place,
  wiresAt,
} from "@/widgets/inspector/wire-ends";

function kind(type: string, inputs: readonly string[], outputs: readonly string[]): NodeDefinition {
  return {
    type,
    title: type,
    category: "",
    description: "",
    inputs: inputs.map((name) => ({ name: name.toLowerCase(), type: name, options: {}, required: true })),
    outputs: outputs.map((name) => ({ name, type: name, isList: false })),
    isOutput: false,
    deprecated: false,
    experimental: false,
    module: "nodes",
    aliases: [],
  };
}

const LOADER = kind("Loader", [], ["MODEL", "VAE"]);
const SAMPLER = kind("Sampler", ["MODEL"], ["LATENT"]);
const DECODER = kind("Decoder", ["LATENT", "VAE"], ["IMAGE"]);
const ANY = kind("Any", ["*"], ["*"]);
const catalogue: Catalogue = new Map([LOADER, SAMPLER, DECODER, ANY].map((one) => [one.type, one]));

/** A sheet with one node of each of the first three kinds, not joined yet. */
function sheet() {
  const store = new DocumentStore(emptyWorkflow());
  const place: Place = { store, scope: ROOT, catalogue };
  const add = (definition: NodeDefinition, x: number) =>
    store.transact("add", (tx) => addNode(tx, ROOT, definition, [x, 0]));
  const nodes = { decoder: add(DECODER, 0), sampler: add(SAMPLER, 400), loader: add(LOADER, 800) };
  const now = ({ raw }: NodeRecord): NodeRecord => {
    const node = store.node(ROOT, raw.id);
    if (!node) throw new RangeError("the node is gone");
    return node;
  };
  return { store, place, now, ...nodes };
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (!item) throw new RangeError("there is none");
  return item;
}

/** The same sheet with all wires. */
function joined() {
  const all = sheet();
  const { place, decoder, sampler, loader } = all;
  joinInput(place, sampler, "model", first(fittingOutputs(place, sampler, "MODEL")));
  joinInput(place, decoder, "latent", first(fittingOutputs(place, decoder, "LATENT")));
  joinOutput(place, loader, 1, first(fittingInputs(place, loader, "VAE")));
  return all;
}

const idOf = ({ raw }: NodeRecord) => nodeId(ROOT, raw.id);

describe("the list of nodes", () => {
  it("stands in running order, whatever the order of the file", () => {
    const { store, decoder, sampler, loader } = joined();
    expect(runningOrder(store, ROOT)).toEqual([loader, sampler, decoder].map(idOf));
  });

  it("knows what lies before and behind a node", () => {
    const { store, decoder, sampler, loader } = joined();
    expect(nodesBehind(store, ROOT, idOf(sampler))).toEqual(new Set([sampler, decoder].map(idOf)));
    expect(nodesBefore(store, ROOT, idOf(sampler))).toEqual(new Set([sampler, loader].map(idOf)));
  });
});

describe("what a socket can be joined to", () => {
  it("has the type of the socket, and makes no circle", () => {
    const { place, now, sampler, decoder } = joined();
    expect(fittingOutputs(place, now(sampler), "LATENT")).toEqual([]);
    expect(fittingOutputs(place, now(decoder), "LATENT").map(({ label }) => label)).toEqual([
      "Sampler · LATENT",
    ]);
  });

  it("tells inputs that are taken, free ones first", () => {
    const { place, now, loader, store } = joined();
    store.transact("add", (tx) => addNode(tx, ROOT, SAMPLER, [0, 600]));
    const ends = fittingInputs(place, now(loader), "MODEL");
    expect(ends.map(({ taken }) => taken)).toEqual([false, true]);
    expect(new Set(ends.map(({ label }) => label)).size).toBe(2);
  });

  it("includes new nodes, those that fit exactly before those that take anything", () => {
    expect(fittingKinds(catalogue, "LATENT", "input").map(({ type }) => type)).toEqual(["Sampler", "Any"]);
    expect(fittingKinds(catalogue, "LATENT", "output").map(({ type }) => type)).toEqual(["Decoder", "Any"]);
  });
});

describe("wires led from the inspector", () => {
  it("are named by their other end, and cut as one step", () => {
    const { store, place, now, decoder } = joined();
    const link = now(decoder).raw.inputs?.[0]?.link;
    const wire = first(wiresAt(place, [link ?? -1], "input"));
    expect(wire.label).toBe("Sampler · LATENT");
    cutWire(place, wire.link.id);
    expect(now(decoder).raw.inputs?.[0]?.link).toBeNull();
    store.undo();
    expect(now(decoder).raw.inputs?.[0]?.link).toBe(link);
  });

  it("bring a new node along, beside the old one where nothing lies, as one step", () => {
    const { store, place, now, sampler, decoder } = sheet();
    const steps = store.done.length;
    const added = addBefore(place, sampler, "model", "MODEL", LOADER);
    expect(store.done.length).toBe(steps + 1);
    expect(now(sampler).raw.inputs?.[0]?.link).not.toBeNull();
    const [x] = positionOf(added.raw);
    expect(x).toBeLessThan(positionOf(sampler.raw)[0]);
    const behind = addBehind(place, now(decoder), 0, "IMAGE", ANY);
    expect(now(behind).raw.inputs?.[0]?.link).not.toBeNull();
    const boxes = store
      .sheet(ROOT)
      .nodes.map((id) => store.get(id))
      .filter((one) => one?.kind === "node");
    const spots = new Set(boxes.map(({ raw }) => positionOf(raw).join()));
    expect(spots.size).toBe(boxes.length);
  });
});
