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
  const fronts: readonly (readonly [FrontEnd, string | undefined])[] = [
    [ours, order.urls.ours],
    [official, order.urls.official],
  ];
  const found: Record<string, Record<string, unknown[]>> = { [ours.name]: {}, [official.name]: {} };
  const browser = await launched(order.chromium);
  try {
    for (let turn = 0; turn < order.repeats; turn++) {
      for (const [front, url] of fronts) {
        if (!url) continue;
        const own = found[front.name] ?? {};
        for await (const [what, value] of measured(browser, front, url, order)) {
          console.error(`${front.name} ${what}: ${JSON.stringify(value)}`);
          own[what] = [...(own[what] ?? []), value];
          writeFileSync(order.out, JSON.stringify(found));
        }
      }
    }
  } finally {
    await browser.close();
  }
}

async function* measured(
  browser: Browser,
  front: FrontEnd,
  url: string,
  order: Order,
): AsyncGenerator<[string, unknown]> {
  yield ["start", await start(browser, front, url)];
  for (const path of order.workflows) {
    const workflow = workflowOf(path);
    yield [`load ${workflow.nodes}`, await load(browser, front, url, workflow)];
  }
  if (order.undone) {
    const workflow = workflowOf(order.undone);
    yield [`undo ${workflow.nodes}`, await undo(browser, front, url, workflow)];
  }
}
