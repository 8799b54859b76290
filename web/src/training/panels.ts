import { GraduationCap } from "lucide-react";
import type { Panel } from "@/panels/panel";

export const panels: readonly Panel[] = [
  {
    id: "training",
    label: "training.panel",
    icon: GraduationCap,
    load: () => import("./training-panel"),
    side: "right",
  },
];
