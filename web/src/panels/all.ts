import { panels as appView } from "@/app-view/panels";
import type { Panel } from "@/editor/panel";
import { panels as files } from "@/files/panels";
import { panels as run } from "@/run/panels";
import { panels as sweep } from "@/sweep/panels";
import { panels as training } from "@/training/panels";
import { panels as widgets } from "@/widgets/panels";

/** Every panel there is, in the order of the side bars. */
export const PANELS: readonly Panel[] = [...files, ...run, ...sweep, ...training, ...appView, ...widgets];
