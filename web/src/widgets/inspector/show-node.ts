/** Going from one node to another in the inspector. */

import type { RecordId } from "@/document/records";
import { centreOn, searchNodes } from "@/editor/canvas-view";
import { activeDocument, useSession } from "@/editor/session";

let follow = false;

/** Select a node, group or point, bring it to the middle of the canvas, and let the focus go on in its sheet. */
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

/** Time in ms within which what the search of nodes added is shown. */
const SOON = 500;

/** Open the search of nodes; the focus goes on in the sheet of what is added. */
export function searchNode(): void {
  searchNodes(() => {
    follow = true;
    setTimeout(() => {
      follow = false;
    }, SOON);
  });
}

/** Whether the focus should go into what is shown now: only right after the inspector itself changed that. */
export function takeFollow(): boolean {
  const asked = follow;
  follow = false;
  return asked;
}
