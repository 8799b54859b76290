/** Measures both editors in turn; `bench/canvas.py` starts the servers and reads what is found. */

import { writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { type FrontEnd, official, ours } from "./front-ends";
import { load, start, undo } from "./measures";
import { launched } from "./pages";
import { workflowOf } from "./workflow";

/** What is asked for. */
interface Order {
  readonly chromium: string;
  /** Addresses of the servers that show each editor; one may be missing. */
  readonly urls: { readonly ours?: string; readonly official?: string };
  /** Files in UI format. */
  readonly workflows: readonly string[];
  /** The one in which a move is undone. */
  readonly undone: string | null;
  readonly repeats: number;
  /** Where what is found is written, as JSON. */
  readonly out: string;
}

/** Measure what an order asks for. */
export async function main(order: Order): Promise<void> {
  const fronts = [
    { front: ours, url: order.urls.ours },
    { front: official, url: order.urls.official },
  ];
  const found: Found = { [ours.name]: {}, [official.name]: {} };
  const browser = await launched(order.chromium);
  try {
    // What one page leaves on its server is no part of what the next one costs: starts come first.
    for (const measure of [starts, workflows]) {
      for (let turn = 0; turn < order.repeats; turn++) {
        for (const { front, url } of fronts) {
          if (url) await keep(found, front, measure(browser, front, url, order));
          writeFileSync(order.out, JSON.stringify(found));
        }
      }
    }
  } finally {
    await browser.close();
  }
}

/** What was found, by editor and question. */
type Found = Record<string, Record<string, unknown[]>>;

async function keep(found: Found, front: FrontEnd, questions: Iterable<Question>): Promise<void> {
  for (const [what, measure] of questions) {
    try {
      const value = await measure();
      console.error(`${front.name} ${what}: ${JSON.stringify(value)}`);
      found[front.name] = { ...found[front.name], [what]: [...(found[front.name]?.[what] ?? []), value] };
    } catch (error) {
      if (front === ours) throw error;
      // Thousands of nodes are at times more than it bears: the turns that succeed count.
      console.error(`${front.name} ${what}: left out (${error})`);
    }
  }
}

/** What is measured, and how. */
type Question = readonly [string, () => Promise<unknown>];

type Measure = (browser: Browser, front: FrontEnd, url: string, order: Order) => Iterable<Question>;

const starts: Measure = (browser, front, url) => [["start", () => start(browser, front, url)]];

const workflows: Measure = function* (browser, front, url, order) {
  for (const path of order.workflows) {
    const workflow = workflowOf(path);
    yield [`load ${workflow.nodes}`, () => load(browser, front, url, workflow)];
  }
  if (order.undone) {
    const workflow = workflowOf(order.undone);
    yield [`undo ${workflow.nodes}`, () => undo(browser, front, url, workflow)];
  }
};
