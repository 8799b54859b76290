/** The panels at the side of the canvas; at the bottom, over its whole width, on a phone. */

import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { TextKey } from "@/i18n/language";
import type { PanelId } from "./panels-state";

/** A panel, before it is loaded. */
export interface Panel {
  readonly id: PanelId;
  readonly label: TextKey;
  readonly icon: LucideIcon;
  /** Loads the panel's component when it is shown for the first time. */
  readonly load: () => Promise<{ default: ComponentType }>;
  /** A hook that gives the number at the corner of its icon, such as how many runs wait; 0 draws none. */
  readonly useCount?: () => number;
}
