/** What a screen reader says about what is on the canvas besides its name: where wires lead. */

import { itemsInGroup } from "@/document/groups";
import { titleOf } from "@/document/nodes";
import type { LinkRecord, RecordId } from "@/document/records";
import type { text as textFunction } from "@/i18n/language";
import type { NodeItem, Scene, WireItem } from "../scene";

type Text = typeof textFunction;

/** Return the name of what is at one end of a wire; the subgraph itself where it ends at its edge. */
function endName(scene: Scene, link: LinkRecord, end: "origin" | "target", text: Text): string {
  const item = scene.node(link[end]);
  if (item) return titleOf(item.record.raw, item.definition);
  return text(end === "origin" ? "canvas.inputs" : "canvas.outputs");
}

/** Return the name of the socket at one end of a wire; empty where there is none. */
function socketName(scene: Scene, link: LinkRecord, end: "origin" | "target"): string {
  const node = scene.node(link[end]);
  if (node) return (end === "origin" ? scene.outputOf(link) : scene.inputOf(link))?.label ?? "";
  const slot = end === "origin" ? link.originSlot : link.targetSlot;
  return scene.ends.find(({ side }) => side === Number(link[end]))?.sockets[slot]?.name ?? "";
}

/** Say what every wire of a node joins, inputs first: one phrase for each. */
export function wiresOf(scene: Scene, { record }: NodeItem, text: Text): string[] {
  const own = String(record.raw.id);
  const links = [...scene.wiresAt(own)].map((id) => scene.wires.get(id)?.record);
  const all = links.filter((link) => link !== undefined);
  const into = all.filter(({ target }) => String(target) === own);
  const from = all.filter(({ origin }) => String(origin) === own);
  return [
    ...into
      .sort((a, b) => a.targetSlot - b.targetSlot)
      .map((link) =>
        text("canvas.heardFrom", {
          socket: socketName(scene, link, "target"),
          title: endName(scene, link, "origin", text),
          other: socketName(scene, link, "origin"),
        }),
      ),
    ...from
      .sort((a, b) => a.originSlot - b.originSlot)
      .map((link) =>
        text("canvas.heardTo", {
          socket: socketName(scene, link, "origin"),
          title: endName(scene, link, "target", text),
          other: socketName(scene, link, "target"),
        }),
      ),
  ];
}

/** Say from where to where a wire leads. */
const wireName = (scene: Scene, { record }: WireItem, text: Text): string =>
  text("canvas.heardWire", {
    from: endName(scene, record, "origin", text),
    to: endName(scene, record, "target", text),
  });

/** Return the name of a group with how much is in it, or of a reroute with what is led through it. */
export function thingLabel(scene: Scene, id: RecordId, text: Text): string {
  const group = scene.groups.get(id)?.record;
  if (!group) {
    const wires = scene.wiresThrough(id).map((wire) => wireName(scene, wire, text));
    return [text("canvas.reroute"), ...wires].join(", ");
  }
  const count = itemsInGroup(scene.store.records, group).length;
  return text("canvas.heardGroup", { title: group.raw.title ?? "", count });
}
