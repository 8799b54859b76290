/** Workflows with everything that the editor can put into a file. */

import type { Catalogue } from "@/catalogue/definitions";
import { PRIMITIVE } from "@/catalogue/virtual-kinds";
import { parseExact } from "@/document/exact-json";
import { setExtra } from "@/document/extra";
import { addGroup, addGroupAround, amendGroup } from "@/document/groups";
import { joinLoose, looseEnds } from "@/document/loose-ends";
import { amendNode, removeItems, setFlag, setMode } from "@/document/nodes";
import { demoteWidget, promoteWidget } from "@/document/promoted-widgets";
import { type JsonObject, MODE, type NodeRecord, nodeId, ROOT } from "@/document/records";
import { addReroute } from "@/document/reroutes";
import { exposeOutput, renameSubgraphPort } from "@/document/subgraph-ports";
import { unpackSubgraph } from "@/document/unpack-subgraph";
import { Workbench } from "./workbench";

const LONG_SEED = "\u0000int:18446744073709551615";

interface Painting {
  readonly loader: NodeRecord;
  readonly good: NodeRecord;
  readonly bad: NodeRecord;
  readonly latent: NodeRecord;
  readonly sampler: NodeRecord;
  readonly decode: NodeRecord;
  readonly save: NodeRecord;
}

/** Text to image, from an empty canvas. */
function painting(bench: Workbench): Painting {
  const loader = bench.add("CheckpointLoaderSimple", 0, 0);
  const good = bench.add("CLIPTextEncode", 400, 0, { text: 'a red (apple:1.2)\n"quoted", 苹果 \\(x\\)' });
  const bad = bench.add("CLIPTextEncode", 400, 300, { text: "" });
  const latent = bench.add("EmptyLatentImage", 400, 600, { width: 64, height: 96, batch_size: 2 });
  const sampler = bench.add("KSampler", 900, 0, { steps: 3, cfg: 4.5, sampler_name: "dpmpp_2m" });
  const decode = bench.add("VAEDecode", 1300, 0);
  const save = bench.add("SaveImage", 1600, 0, { filename_prefix: "made/here" });
  bench.join(loader, 0, sampler, "model");
  bench.join(loader, 1, good, "clip");
  bench.join(loader, 1, bad, "clip");
  bench.join(good, 0, sampler, "positive");
  bench.join(bad, 0, sampler, "negative");
  bench.join(latent, 0, sampler, "latent_image");
  bench.join(sampler, 0, decode, "samples");
  bench.join(loader, 2, decode, "vae");
  bench.join(decode, 0, save, "images");
  return { loader, good, bad, latent, sampler, decode, save };
}

function plain(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { sampler } = painting(bench);
  bench.set(sampler, "seed", LONG_SEED);
  bench.set(sampler, "seed", "increment", "control");
  return bench.text;
}

function decorated(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { loader, good, bad, latent, sampler, decode, save } = painting(bench);
  bench.add("Note", 0, 400, { text: "remember\nthis" });
  bench.add("MarkdownNote", 0, 700, { text: "# Title\n* one" });
  bench.store.transact("looks", (tx) => {
    setFlag(tx, ROOT, good.raw.id, "collapsed", true);
    setFlag(tx, ROOT, bad.raw.id, "pinned", true);
    amendNode(tx, ROOT, sampler.raw.id, { title: "My sampler", color: "#322", bgcolor: "#533" });
    const group = addGroup(tx, ROOT, "Text", [380, -60, 460, 620]);
    amendGroup(tx, ROOT, group.key, { color: "#a1309b" });
    addGroupAround(tx, ROOT, "Around", [nodeId(ROOT, decode.raw.id), nodeId(ROOT, save.raw.id)]);
  });
  const image = bench.add("ImageInvert", 1300, 300);
  const muted = bench.add("PreviewImage", 1600, 300);
  bench.join(decode, 0, image, "image");
  bench.join(image, 0, muted, "images");
  bench.join(image, 0, save, "images");
  bench.store.transact("modes", (tx) => {
    setMode(tx, ROOT, [image.raw.id], MODE.bypassed);
    setMode(tx, ROOT, [muted.raw.id], MODE.muted);
  });
  const reroute = bench.add("Reroute", 700, 700);
  bench.join(latent, 0, reroute, "");
  bench.join(reroute, 0, sampler, "latent_image");
  const model = bench.join(loader, 0, sampler, "model");
  bench.store.transact("lead", (tx) => {
    const last = addReroute(tx, ROOT, model.id, [700, 50]);
    addReroute(tx, ROOT, model.id, [500, -40], last.raw.id);
  });
  bench.store.transact("app", (tx) =>
    setExtra(tx, "linearData", { inputs: [[sampler.raw.id, "steps"]], outputs: [save.raw.id] }),
  );
  return bench.text;
}

function nested(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { good, bad, latent, sampler, loader, decode } = painting(bench);
  const outer = bench.wrap("Paint", good, bad, latent, sampler);
  const scope = outer.raw.type;
  const inner = bench.wrap(
    "Prompts",
    bench.inside(scope, "CLIPTextEncode"),
    bench.inside(scope, "EmptyLatentImage"),
  );
  const deep = bench.inside(inner.raw.type, "CLIPTextEncode");
  bench.store.transact("promote", (tx) => promoteWidget(tx, deep.scope, deep.raw.id, "text", catalogue));
  bench.store.transact("promote", (tx) => promoteWidget(tx, scope, inner.raw.id, "text", catalogue));
  const inSampler = bench.inside(scope, "KSampler");
  for (const name of ["seed", "cfg", "sampler_name", "steps"]) {
    bench.store.transact("promote", (tx) => promoteWidget(tx, scope, inSampler.raw.id, name, catalogue));
  }
  bench.store.transact("demote", (tx) => demoteWidget(tx, scope, inSampler.raw.id, "steps", catalogue));
  bench.store.transact("name", (tx) => renameSubgraphPort(tx, scope, "inputs", 0, "the clip"));
  bench.store.transact("expose", (tx) => exposeOutput(tx, scope, inSampler.raw.id, 0));
  bench.set(outer, "text", "an outer pear");
  bench.set(outer, "cfg", 2.5);
  bench.set(outer, "seed", LONG_SEED);
  const again = bench.add(bench.definition(outer), 900, 900, { text: "a second pear", cfg: 7, seed: 5 });
  bench.join(loader, 0, again, "model");
  bench.join(loader, 1, again, "clip");
  const second = bench.add("VAEDecode", 1300, 900);
  const preview = bench.add("PreviewImage", 1600, 900);
  bench.join(again, 0, second, "samples");
  bench.join(loader, 2, second, "vae");
  bench.join(second, 0, preview, "images");
  const strength = bench.add("PrimitiveFloat", 500, 1200, { value: 3.25 });
  bench.join(strength, 0, again, "cfg");
  bench.store.transact("unpack", (tx) => {
    removeItems(tx, ROOT, [nodeId(ROOT, decode.raw.id)]);
  });
  return bench.text;
}

function unpacked(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { good, bad, latent, sampler, decode, loader } = painting(bench);
  const link = bench.join(loader, 0, sampler, "model");
  bench.store.transact("lead", (tx) => addReroute(tx, ROOT, link.id, [700, 50]));
  const outer = bench.wrap("Paint", good, bad, latent, sampler, decode);
  const inside = bench.inside(outer.raw.type, "KSampler");
  bench.store.transact("promote", (tx) => promoteWidget(tx, inside.scope, inside.raw.id, "cfg", catalogue));
  bench.set(outer, "cfg", 9);
  bench.store.transact("unpack", (tx) => unpackSubgraph(tx, ROOT, outer.raw.id, catalogue));
  return bench.text;
}

function primitives(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { sampler, latent, good } = painting(bench);
  const other = bench.add("KSampler", 900, 500, { steps: 1 });
  const share = (name: string, ...targets: readonly NodeRecord[]) => {
    const made = bench.add(PRIMITIVE, 600, 900);
    for (const target of targets) bench.join(made, 0, target, name);
    return made;
  };
  bench.set(share("seed", sampler, other), "value", 77);
  bench.set(share("sampler_name", sampler), "value", "heun");
  bench.set(share("cfg", sampler), "value", 6.5);
  bench.set(share("width", latent), "value", 128);
  bench.set(share("text", good), "value", "shared text");
  share("steps");
  return bench.text;
}

/** A wire that ends in the air, as ComfyUI's editor leaves it, joined by its loose end. */
function loose(catalogue: Catalogue): string {
  const bench = new Workbench(catalogue);
  const { latent, sampler } = painting(bench);
  const json = parseExact(bench.text) as JsonObject;
  const end = { origin_id: latent.raw.id, origin_slot: 0, target_id: -1, target_slot: -1, type: "LATENT" };
  const reroutes = [
    { id: 1, pos: [700, 800], linkIds: [] },
    { id: 2, parentId: 1, pos: [800, 900], linkIds: [], floating: { slotType: "output" } },
  ];
  const extra = { ...(json.extra as JsonObject), reroutes };
  const open = new Workbench(catalogue, { ...json, floatingLinks: [{ id: 1, ...end, parentId: 2 }], extra });
  const second = open.add("KSampler", 900, 600, { steps: 2, seed: 3 });
  const [found] = looseEnds(open.store.records, ROOT);
  if (!found) throw new Error("there is no loose end");
  open.store.transact("join", (tx) => {
    const slot = (second.raw.inputs ?? []).findIndex(({ name }) => name === "latent_image");
    const output = { node: found.node, slot: found.slot, loose: found };
    joinLoose(tx, ROOT, output, { node: second.raw.id, slot }, catalogue);
    removeItems(tx, ROOT, [nodeId(ROOT, sampler.raw.id)]);
  });
  return open.text;
}

/** Return the workflows by their names, as they are saved. */
export function editedFiles(catalogue: Catalogue): ReadonlyMap<string, string> {
  const make = { plain, decorated, nested, unpacked, primitives, loose };
  return new Map(Object.entries(make).map(([name, made]) => [name, made(catalogue)]));
}
