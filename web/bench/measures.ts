/** What is measured of an editor, one function for each question. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { type FrameTimes, framesDuring, quietAt } from "./frames";
import type { FrontEnd, View } from "./front-ends";
import { drag, move, type Place, wheel } from "./gestures";
import { dropJson, type Measured, photograph, withPage } from "./pages";
import { counted } from "./traffic";
import type { Corner, Workflow } from "./workflow";

const PATIENCE_MS = 60_000;
const MIDDLE: Place = { x: 960, y: 560 };
/** From the corner of a chain's last node to its lower edge, where nothing else is, and to the empty place beside it. */
const BODY: Place = { x: 160, y: 84 };
const GAP: Place = { x: 560, y: 60 };
/** Pixels of the window to the left of the whole workflow, where nothing is. */
const MARGIN = 25;

/** What opening the editor costs. */
export interface Start {
  /** From the request to the frame in which a click on a node of the opening workflow has selected it. */
  readonly interactiveMs: number;
  /** Bytes of answers as they came over the wire, and unpacked. */
  readonly wireBytes: number;
  readonly bytes: number;
  readonly requests: number;
}

/** Open the editor with nothing cached; `title` is a place in a node's title of its opening workflow. */
export function start(browser: Browser, front: FrontEnd, url: string): Promise<Start> {
  return withPage(browser, front, async ({ page, session }) => {
    const traffic = await counted(session);
    await page.goto(url, { waitUntil: "commit" });
    const interactiveMs = await interactive(page);
    await page.waitForLoadState("networkidle", { timeout: PATIENCE_MS });
    return { interactiveMs, ...traffic };
  });
}

/** What a workflow costs. */
export interface Loaded {
  readonly loadMs: number;
  readonly heapBytes: number;
  readonly gestures: Readonly<Record<string, FrameTimes>>;
}

/** Open a workflow by dropping its file, then pan, zoom and move a node. */
export function load(browser: Browser, front: FrontEnd, url: string, workflow: Workflow): Promise<Loaded> {
  return withPage(browser, front, async (measured) => {
    const { page, session } = measured;
    const loadMs = await opened(page, url, workflow);
    const heapBytes = await heap(session);
    await page.mouse.move(MIDDLE.x, MIDDLE.y);
    await wholeInView(page, front, workflow);
    await photograph(page, `${front.name}-${workflow.nodes}-all`);
    const far = await farGestures(measured, workflow);
    await wholeInView(page, front, workflow);
    await enlarge(measured, workflow);
    await photograph(page, `${front.name}-${workflow.nodes}-close`);
    const near = await nearGestures(measured, workflow);
    const named = (where: string, found: typeof far): [string, FrameTimes][] =>
      Object.entries(found).map(([what, times]) => [`${what}/${where}`, times]);
    return {
      loadMs,
      heapBytes,
      gestures: Object.fromEntries([...named("all", far), ...named("100 %", near)]),
    };
  });
}

/** Return how long undoing a node's move takes: from the key to the frame after the node is back. */
export function undo(browser: Browser, front: FrontEnd, url: string, workflow: Workflow): Promise<number> {
  return withPage(browser, front, async (measured) => {
    const { page, session } = measured;
    await opened(page, url, workflow);
    await wholeInView(page, front, workflow);
    await enlarge(measured, workflow);
    const node = workflow.ends[1];
    const { id } = node;
    const before = await page.evaluate((id) => window.probe.placed(id), id);
    await move(session, await onScreen(page, node, BODY), 80);
    await page.waitForFunction(({ id, before }) => window.probe.placed(id) !== before, { id, before });
    await quietAt(page, workflow.nodes);
    const took = page.evaluate(timedUndo, { id, before });
    await sleep(50);
    await page.keyboard.press("Control+z");
    return took;
  });
}

/** Runs in the page: wait for the key, then for the node to be where it was, then for the frame to be drawn. */
function timedUndo({ id, before }: { id: string; before: string }): Promise<number> {
  return new Promise((resolve) => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== "z") return;
      removeEventListener("keydown", pressed, true);
      const next = (): void => {
        if (window.probe.placed(id) !== before) requestAnimationFrame(next);
        else setTimeout(() => resolve(performance.now() - event.timeStamp));
      };
      requestAnimationFrame(next);
    };
    addEventListener("keydown", pressed, true);
  });
}

/** Wait until a click on a node selects it; return when it had. */
async function interactive(page: Page): Promise<number> {
  await page.waitForFunction(() => window.probe?.nodes() > 0, undefined, {
    timeout: PATIENCE_MS,
    polling: 10,
  });
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    for (const [id, at] of Object.entries(await page.evaluate(() => window.probe.titles()))) {
      await page.mouse.click(at.x, at.y);
      const when = await page.evaluate(selectedWithin, { id, ms: 250 });
      if (when) return when;
    }
  }
  throw new Error("no click on a node selected it within a minute");
}

/** Runs in the page: when a node was selected, or null where it is not in time. */
function selectedWithin({ id, ms }: { id: string; ms: number }): Promise<number | null> {
  const until = performance.now() + ms;
  return new Promise((resolve) => {
    const next = (): void => {
      if (window.probe.selected(id)) resolve(performance.now());
      else if (performance.now() > until) resolve(null);
      else requestAnimationFrame(next);
    };
    next();
  });
}

/** Open the editor, wait until it is quiet, drop a workflow; return how long that took to be quiet again. */
async function opened(page: Page, url: string, workflow: Workflow): Promise<number> {
  await page.goto(url);
  await interactive(page);
  await quietAt(page, await page.evaluate(() => window.probe.nodes()));
  const dropped = await dropJson(page, workflow.path);
  return (await quietAt(page, workflow.nodes)) - dropped;
}

async function heap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

/** With the whole workflow in view: move a node, pan by the empty margin, zoom about the middle. */
async function farGestures({ page, session }: Measured, { ends, left }: Workflow): Promise<Gestures> {
  const [node] = ends;
  const hold = await onScreen(page, node, BODY);
  const moved = await seen(page, "drag", placed(page, node), () => drag(session, hold, 150));
  const margin = await onScreen(page, { ...node, x: left }, { x: 0, y: 0 });
  const gap = { x: margin.x - MARGIN, y: margin.y };
  const pan = await seen(
    page,
    "pan",
    () => view(page),
    () => drag(session, gap, 300),
  );
  const zoom = await seen(
    page,
    "zoom",
    () => view(page),
    () => wheel(session, MIDDLE),
  );
  return { pan, zoom, drag: moved };
}

/** At 100 %: pan by the empty place beside a node, zoom about the middle, move the node. */
async function nearGestures({ page, session }: Measured, { ends }: Workflow): Promise<Gestures> {
  const [, node] = ends;
  const gap = await onScreen(page, node, GAP);
  const pan = await seen(
    page,
    "pan",
    () => view(page),
    () => drag(session, gap, 400),
  );
  const zoom = await seen(
    page,
    "zoom",
    () => view(page),
    () => wheel(session, MIDDLE),
  );
  const hold = await onScreen(page, node, BODY);
  const moved = await seen(page, "drag", placed(page, node), () => drag(session, hold, 200));
  return { pan, zoom, drag: moved };
}

const placed =
  (page: Page, { id }: Corner) =>
  (): Promise<unknown> =>
    page.evaluate((id) => window.probe.placed(id), id);

type Gestures = Readonly<Record<"pan" | "zoom" | "drag", FrameTimes>>;

/** Record the frames of a gesture; throws where it changed nothing, so that nothing was measured. */
async function seen(
  page: Page,
  name: string,
  look: () => Promise<unknown>,
  act: () => Promise<void>,
): Promise<FrameTimes> {
  const before = JSON.stringify(await look());
  const times = await framesDuring(page, act);
  const after = JSON.stringify(await look());
  if (after === before) throw new Error(`the gesture "${name}" had no effect: ${before}`);
  return times;
}

/** Bring the whole workflow into view; a click beside a node first, since what is selected alone would be shown. */
async function wholeInView(page: Page, front: FrontEnd, workflow: Workflow): Promise<void> {
  const gap = await onScreen(page, workflow.ends[1], GAP);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  if (gap.x > 300 && gap.x < width - 300 && gap.y > 100 && gap.y < height - 100)
    await page.mouse.click(gap.x, gap.y);
  await front.fit(page);
  await quietAt(page, workflow.nodes);
  await sleep(300);
}

/** Turn the wheel over the second node until it is shown at about 100 %. */
async function enlarge({ page, session }: Measured, workflow: Workflow): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const { zoom } = await view(page);
    if (zoom > 0.9 && zoom < 1.2) break;
    const at = await onScreen(page, workflow.ends[1], BODY);
    const deltaY = zoom < 1 ? -100 : 100;
    await session.send("Input.dispatchMouseEvent", { type: "mouseWheel", ...at, deltaX: 0, deltaY });
    await page.waitForFunction((zoom) => window.probe.view().zoom !== zoom, zoom);
    await quietAt(page, workflow.nodes, 2);
  }
  await quietAt(page, workflow.nodes);
}

const view = (page: Page): Promise<View> => page.evaluate(() => window.probe.view());

/** Return the pixel of the window that a place beside the corner of a node is at. */
async function onScreen(page: Page, node: Corner, beside: Place): Promise<Place> {
  const { x, y, zoom } = await view(page);
  return { x: Math.round((node.x + beside.x) * zoom + x), y: Math.round((node.y + beside.y) * zoom + y) };
}
