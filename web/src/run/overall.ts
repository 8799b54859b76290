/** How far everything is that runs: for the tab's title and the run button. */

import { useJobs } from "./jobs";

/** What runs and waits on the server. */
export interface Overall {
  /** How much of the job that runs is done, from 0 to 1; null while none runs. */
  readonly fraction: number | null;
  readonly running: number;
  readonly waiting: number;
  readonly secondsLeft: number | null;
}

const NOTHING: Overall = { fraction: null, running: 0, waiting: 0, secondsLeft: null };

let known = NOTHING;

/** Return how far everything is; the same object while nothing changes. For use outside React. */
export function overall(): Overall {
  const { running, waiting } = useJobs.getState();
  const [first] = running;
  const fraction = first ? (first.percent ?? 0) / 100 : null;
  const now = {
    fraction,
    running: running.length,
    waiting: waiting.length,
    secondsLeft: first?.seconds_left ?? null,
  };
  const same = (Object.keys(now) as (keyof Overall)[]).every((key) => now[key] === known[key]);
  if (!same) known = now;
  return known;
}

/** Hear of changes, from now on, also while the window is hidden; returns the function that ends this. */
export function onOverall(told: (now: Overall) => void): () => void {
  let before = overall();
  return useJobs.subscribe(() => {
    const now = overall();
    if (now !== before) told(now);
    before = now;
  });
}

/** Return how far everything is; the component is drawn anew when that changes. */
export function useOverall(): Overall {
  return useJobs(overall);
}
