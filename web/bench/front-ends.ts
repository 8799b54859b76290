/** How the two editors are looked into: the same questions, each answered from inside its page. */

import type { Page } from "playwright-core";

/** How the canvas is looked at: canvas point (0, 0) is at (x, y) of the window, in CSS pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** What a page can be asked; it is installed as `window.probe` before any script of the page runs. */
export interface Probe {
  /** Number of nodes of the workflow that is shown; 0 before one is drawn. */
  nodes(): number;
  view(): View;
  /** A text that changes when a node is moved, and is as before when that is undone. */
  placed(id: string): string;
  /** Ids of nodes that are drawn within the window, and places in their titles, in CSS pixels of the window. */
  titles(): Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  /** Whether a node is shown as selected. */
  selected(id: string): boolean;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** One of the editors. */
export interface FrontEnd {
  readonly name: string;
  /** Installs `window.probe`; runs inside the page and sees nothing of this module. */
  install(): void;
  /** Bring the whole workflow into view, as a user does. */
  fit(page: Page): Promise<void>;
}

/** Parts of the official front end's page that are looked at. */
interface OfficialApp {
  readonly rootGraph?: OfficialGraph;
  readonly graph?: OfficialGraph;
  readonly canvas?: {
    readonly canvas: HTMLCanvasElement;
    readonly ds: { readonly offset: readonly [number, number]; readonly scale: number };
    readonly selected_nodes: Readonly<Record<string, unknown>>;
  };
}
interface OfficialGraph {
  readonly nodes: readonly { readonly id: number | string; readonly pos: ArrayLike<number> }[];
}

/** ComfyUI's. */
export const official: FrontEnd = {
  name: "comfyui-frontend",
  fit: (page) => page.keyboard.press("."),
  install: () => {
    const app = (): OfficialApp | undefined => (window as unknown as { app?: OfficialApp }).app;
    const graph = (): OfficialGraph | undefined => app()?.rootGraph ?? app()?.graph;
    window.probe = {
      nodes: () => (app()?.canvas ? (graph()?.nodes.length ?? 0) : 0),
      view: () => {
        const canvas = app()?.canvas;
        if (!canvas) return { x: 0, y: 0, zoom: 1 };
        const box = canvas.canvas.getBoundingClientRect();
        const { offset, scale } = canvas.ds;
        return { x: box.left + offset[0] * scale, y: box.top + offset[1] * scale, zoom: scale };
      },
      placed: (wanted) => String((graph()?.nodes ?? []).find(({ id }) => String(id) === wanted)?.pos),
      titles: () => {
        const { x, y, zoom } = window.probe.view();
        const places = (graph()?.nodes ?? []).map(
          ({ id, pos }) =>
            [id, { x: ((pos[0] ?? 0) + 100) * zoom + x, y: ((pos[1] ?? 0) - 14) * zoom + y }] as const,
        );
        const inside = places.filter(([, at]) => at.x > 400 && at.y > 150 && at.x < 1500 && at.y < 900);
        return Object.fromEntries(inside);
      },
      selected: (id) => app()?.canvas?.selected_nodes[id] !== undefined,
    };
  },
};

/** Ours. */
export const ours: FrontEnd = {
  name: "latentloom",
  fit: (page) => page.keyboard.press("."),
  install: () => {
    const nodes = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-canvas] [data-id]")];
    const idOf = (node: HTMLElement): string => node.dataset.id ?? "";
    window.probe = {
      nodes: () => Number(document.querySelector<HTMLElement>("[data-canvas]")?.dataset.nodes ?? 0),
      view: () => {
        const moved = document.querySelector<HTMLElement>(".react-flow__viewport");
        if (!moved?.parentElement) return { x: 0, y: 0, zoom: 1 };
        const { left, top } = moved.parentElement.getBoundingClientRect();
        const { e, f, a } = new DOMMatrix(moved.style.transform);
        return { x: left + e, y: top + f, zoom: a };
      },
      placed: (id) => {
        // Far out a node is only painted: there the first change shows by what can be undone.
        const undo = document.querySelector<HTMLButtonElement>('button[aria-label^="Undo"]');
        const node = document.querySelector<HTMLElement>(`[data-canvas] [data-id="${id}"]`);
        return `${node?.style.transform} ${undo?.disabled} ${undo?.ariaDisabled}`;
      },
      titles: () =>
        Object.fromEntries(
          nodes().map((node) => {
            const box = (node.querySelector("[data-title]") ?? node).getBoundingClientRect();
            return [idOf(node), { x: box.left + box.width / 2, y: box.top + Math.min(box.height / 2, 12) }];
          }),
        ),
      selected: (id) => nodes().some((node) => idOf(node) === id && node.dataset.selected === "true"),
    };
  },
};
