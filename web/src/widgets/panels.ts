import { SlidersHorizontal } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  {
    id: "inspector",
    label: "widgets.inspector",
    icon: SlidersHorizontal,
    load: () => import("./inspector/inspector"),
  },
];
