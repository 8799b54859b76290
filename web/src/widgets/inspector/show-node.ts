/** Going from one node to another in the inspector. */

import { centreOn } from "@/canvas/camera";
import type { RecordId } from "@/document/records";
import { activeDocument, useSession } from "@/editor/session";

let follow = false;

/** Select a node, bring it to the middle of the canvas, and let the focus go on in its sheet. */
export function showNode(id: RecordId): void {
  const document = activeDocument();
  if (!document) return;
  follow = true;
  centreOn(id);
  useSession.getState().amend(document.id, { selection: new Set([id]) });
}

/** Select nothing: the inspector goes back to its list of all nodes. */
export function showAll(): void {
  const document = activeDocument();
  if (!document) return;
  follow = true;
  useSession.getState().amend(document.id, { selection: new Set() });
}

/** Whether the focus should go into what is shown now: only right after the inspector itself changed that. */
export function takeFollow(): boolean {
  const asked = follow;
  follow = false;
  return asked;
}
