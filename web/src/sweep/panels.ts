import { Grid3x3 } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  {
    id: "sweep",
    label: "sweep.panel",
    icon: Grid3x3,
    load: () => import("./sweep-panel"),
  },
];
