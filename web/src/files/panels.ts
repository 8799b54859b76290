import { FolderOpen, LayoutTemplate } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  {
    id: "workflows",
    label: "files.workflows",
    icon: FolderOpen,
    load: () => import("./workflows-panel"),
  },
  {
    id: "templates",
    label: "files.templates",
    icon: LayoutTemplate,
    load: () => import("./templates-panel"),
  },
];
