/** What a job is called. */

import { text } from "@/i18n/language";
import type { Job } from "./jobs";

/** Return the name of a job's workflow; of one that has none, the beginning of the job's id. */
export function jobTitle({ title, id }: Job): string {
  return title || text("run.jobNamed", { id: id.slice(0, 8) });
}
