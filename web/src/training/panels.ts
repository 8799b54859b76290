import { GraduationCap } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  {
    id: "training",
    label: "training.panel",
    icon: GraduationCap,
    load: () => import("./training-panel"),
  },
];
