/** Frames of a page: how long each took, and when it has become quiet. */

import type { Page } from "playwright-core";

/** Times between frames in milliseconds. */
export interface FrameTimes {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

declare global {
  interface Window {
    /** Times of the frames since recording began, in milliseconds since the page was asked for. */
    frameRecord: { readonly times: number[]; recording: boolean };
  }
}

const QUIET_MS = 50;

/** Record frames while something is done; it must end with the page having taken everything in. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<FrameTimes> {
  await page.evaluate(() => {
    const record = { times: [] as number[], recording: true };
    window.frameRecord = record;
    const next = (): void => {
      record.times.push(performance.now());
      if (record.recording) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  const times = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            window.frameRecord.recording = false;
            resolve(window.frameRecord.times);
          }),
        );
      }),
  );
  return summary(times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/**
 * Return when the page had `nodes` nodes and became quiet, in milliseconds since it was asked for: the first
 * of ten frames (or `frames`) in a row that are shorter than 50 ms.
 */
export function quietAt(page: Page, nodes: number, frames = 10): Promise<number> {
  return page.evaluate(
    ({ nodes, frames, ms }) =>
      new Promise<number>((resolve) => {
        let since = 0;
        let count = 0;
        let last = performance.now();
        const next = (): void => {
          const now = performance.now();
          if (now - last > ms || window.probe.nodes() !== nodes) count = 0;
          last = now;
          if (count === 0) since = now;
          count += 1;
          if (count > frames) resolve(since);
          else requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    { nodes, frames, ms: QUIET_MS },
  );
}

/** Return the median, the 95th percentile and the longest of some times. */
export function summary(times: readonly number[]): FrameTimes {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
