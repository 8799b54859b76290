import { PanelsTopLeft } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  {
    id: "app",
    label: "app.panel",
    icon: PanelsTopLeft,
    load: () => import("./app-panel"),
  },
];
