import { CircleAlert, ListVideo } from "lucide-react";
import type { Panel } from "@/panels/panel";

export const panels: readonly Panel[] = [
  { id: "queue", label: "run.queue", icon: ListVideo, side: "right", load: () => import("./queue-panel") },
  {
    id: "problems",
    label: "run.problems",
    icon: CircleAlert,
    side: "right",
    load: () => import("./problems-panel"),
  },
];
