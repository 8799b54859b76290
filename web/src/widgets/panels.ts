import type { Panel } from "@/panels/panel";

export const panels: readonly Panel[] = [];
