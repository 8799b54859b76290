import { CircleAlert, Images, ListVideo, Timer } from "lucide-react";
import type { Panel } from "@/editor/panel";

export const panels: readonly Panel[] = [
  { id: "queue", label: "run.queue", icon: ListVideo, side: "right", load: () => import("./queue-panel") },
  { id: "gallery", label: "run.gallery", icon: Images, side: "left", load: () => import("./gallery-panel") },
  {
    id: "problems",
    label: "run.problems",
    icon: CircleAlert,
    side: "right",
    load: () => import("./problems-panel"),
  },
  {
    id: "profiler",
    label: "run.profiler",
    icon: Timer,
    side: "right",
    load: () => import("./profiler-panel"),
  },
];
