/** What the painter is told by the rest of the editor. */

import type { RecordId } from "@/document/records";
import type { WireStyle } from "@/geometry/bezier";
import type { Scene } from "../scene";

/** Asked anew with each painting. */
export interface PainterInput {
  scene(): Scene | null;
  selection(): ReadonlySet<RecordId>;
  isMounted(id: RecordId): boolean;
  wireStyle(): WireStyle;
  endTitle(side: number): string;
}
