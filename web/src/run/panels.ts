import { CircleAlert, Images, ListVideo, Timer } from "lucide-react";
import type { Panel } from "@/editor/panel";

/** The panels of this area. */
export const panels: readonly Panel[] = [
  { id: "queue", label: "run.queue", icon: ListVideo, load: () => import("./queue-panel") },
  { id: "gallery", label: "run.gallery", icon: Images, load: () => import("./gallery-panel") },
  {
    id: "problems",
    label: "run.problems",
    icon: CircleAlert,
    load: () => import("./problems-panel"),
  },
  {
    id: "profiler",
    label: "run.profiler",
    icon: Timer,
    load: () => import("./profiler-panel"),
  },
];
