import { SlidersHorizontal } from "lucide-react";
import type { Panel } from "@/editor/panel";

export const panels: readonly Panel[] = [
  {
    id: "inspector",
    label: "widgets.inspector",
    icon: SlidersHorizontal,
    side: "right",
    load: () => import("./inspector/inspector"),
  },
];
