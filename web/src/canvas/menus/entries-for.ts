/** Which menu belongs to what was pressed. */

import type { MenuEntry } from "@/ui/menu";
import { nodesOf } from "../editing";
import type { Press } from "../gestures/gesture";
import { selected } from "../gestures/select-box";
import type { Hit } from "../hit";
import type { Scene } from "../scene";
import { nodeEntries } from "./node-entries";
import { groupEntries, portEntries, rerouteEntries, sheetEntries } from "./sheet-entries";
import { wireEntries } from "./wire-entries";

/** Return the entries of the menu for what lies under a press. */
export function entriesFor(scene: Scene, hit: Hit, press: Press): readonly MenuEntry[] {
  switch (hit.kind) {
    case "wire":
      return wireEntries(scene, hit.wire.id, press.at);
    case "reroute":
      return rerouteEntries(scene, hit.id);
    case "group-title":
    case "group-corner": {
      const group = scene.groups.get(hit.id);
      return group && nodesOf(scene, selected()).length === 0
        ? groupEntries(scene, group)
        : nodeEntries(scene, [...selected()]);
    }
    case "socket":
      return hit.item ? nodeEntries(scene, [...selected()]) : portEntries(scene, hit);
    case "fold":
    case "title":
    case "body":
    case "corner":
      return nodeEntries(scene, [...selected()]);
    case "end":
    case "empty":
      return sheetEntries(scene, press.at);
  }
}
