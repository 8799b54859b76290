/**
 * What the user prefers: kept in this browser, so that it holds from the first picture on, and on the server,
 * so that it is the same in every browser.
 */

import { create } from "zustand";
import { fetchJson } from "@/server/api";

/** What a user can choose; kept on the server and, for the next start, in the browser. */
export interface Settings {
  readonly theme: "dark" | "light" | "system";
  readonly language: "en" | "zh" | "system";
  readonly reduceMotion: boolean;
  /** Moved nodes stop at the points of the grid. */
  readonly snapToGrid: boolean;
  /** Distance of the points of the grid, in canvas pixels. */
  readonly gridSize: number;
  /** What Ctrl+Up and Ctrl+Down change the weight of a word in a prompt by, in hundredths. */
  readonly weightStep: number;
  readonly linkStyle: "curved" | "straight" | "stepped" | "hidden";
  readonly minimap: boolean;
  /** Time and memory of the last run are shown on the nodes. */
  readonly profiler: boolean;
  /** What the wheel does over the canvas; with Ctrl it always zooms. */
  readonly wheel: "zoom" | "pan";
  /** How pictures are made while sampling; the server takes them with each prompt. */
  readonly previewMethod: "default" | "none" | "auto" | "latent2rgb" | "taesd";
  /** When a seed changes by itself: before its run or after it. */
  readonly controlMode: "before" | "after";
  /** How many runs the button starts, from 1 on. */
  readonly batchCount: number;
  /** The system tells of runs that end while the window is hidden. */
  readonly notify: boolean;
  /** Ask before a workflow with unsaved changes is closed. */
  readonly confirmClose: boolean;
  /** Files are saved by themselves a moment after a change. */
  readonly autosave: boolean;
  /** The card with the first steps was closed. */
  readonly hintSeen: boolean;
}

/** What holds until a user chooses. */
export const DEFAULTS: Settings = {
  theme: "system",
  language: "system",
  reduceMotion: false,
  snapToGrid: false,
  gridSize: 10,
  weightStep: 5,
  linkStyle: "curved",
  minimap: true,
  profiler: false,
  wheel: "zoom",
  previewMethod: "auto",
  controlMode: "after",
  batchCount: 1,
  notify: false,
  confirmClose: true,
  autosave: false,
  hintSeen: false,
};

const KEPT = "latentloom.settings";
const PREFIX = "Latentloom.";

const isKey = (name: string): name is keyof Settings => name in DEFAULTS;

/** Take the values that fit from what was kept; anything else stays as it is. */
export function fitting(kept: unknown): Partial<Settings> {
  if (typeof kept !== "object" || kept === null) return {};
  const entries = Object.entries(kept).filter(
    ([name, value]) => isKey(name) && typeof value === typeof DEFAULTS[name],
  );
  return Object.fromEntries(entries);
}

function keptHere(): Partial<Settings> {
  try {
    return fitting(JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
  } catch {
    return {};
  }
}

const useSettings = create<Settings>(() => ({ ...DEFAULTS, ...keptHere() }));

/** Return a setting; the component is drawn anew when it changes. */
export function useSetting<Key extends keyof Settings>(key: Key): Settings[Key] {
  return useSettings((settings) => settings[key]);
}

/** Return a setting. For use outside React. */
export function setting<Key extends keyof Settings>(key: Key): Settings[Key] {
  return useSettings.getState()[key];
}

/** Change a setting, here and on the server; what the server does not take now is kept here. */
export function changeSetting<Key extends keyof Settings>(key: Key, value: Settings[Key]): void {
  change({ [key]: value });
}

/** Set every setting to what it was at first, except that the first steps are not shown again. */
export function resetSettings(): void {
  change({ ...DEFAULTS, hintSeen: setting("hintSeen") });
}

function change(values: Partial<Settings>): void {
  useSettings.setState(values);
  localStorage.setItem(KEPT, JSON.stringify(useSettings.getState()));
  const sent = Object.entries(values).map(([key, value]) => [PREFIX + key, value]);
  fetchJson("/settings", { json: Object.fromEntries(sent) }).catch(() => undefined);
}

/** Call `told` now and with each new value; returns the function that ends this. */
export function onSetting<Key extends keyof Settings>(
  key: Key,
  told: (value: Settings[Key]) => void,
): () => void {
  told(setting(key));
  return useSettings.subscribe((now, before) => {
    if (now[key] !== before[key]) told(now[key]);
  });
}

/** Take over the settings that the server keeps; where it does not answer, those of this browser hold. */
export async function loadSettings(): Promise<void> {
  const all = await fetchJson<Record<string, unknown>>("/settings").catch(() => ({}));
  const ours = Object.entries(all)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), value]);
  const taken = fitting(Object.fromEntries(ours));
  useSettings.setState(taken);
  localStorage.setItem(KEPT, JSON.stringify(useSettings.getState()));
}
