/** Which wires move with what is dragged. */

import type { RecordId } from "@/document/records";
import type { Scene } from "../scene";

/** Return the wires that run to or through something that is dragged. */
export function movingWires(scene: Scene, dragged: ReadonlySet<RecordId>): Set<RecordId> {
  const moving = new Set<RecordId>();
  let reroutes = false;
  for (const id of dragged) {
    const node = scene.nodes.get(id);
    if (node) for (const wire of scene.wiresAt(node.record.raw.id)) moving.add(wire);
    reroutes ||= scene.reroutes.has(id);
  }
  if (!reroutes) return moving;
  for (const wire of scene.wires.values()) {
    if (wire.record.parent === undefined) continue;
    if (scene.reroutesOf(wire.record).some(({ id }) => dragged.has(id))) moving.add(wire.id);
  }
  return moving;
}
