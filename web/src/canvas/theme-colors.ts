/** The colours of the theme, as a painter needs them. */

import { useSyncExternalStore } from "react";

/** Colours of the tokens that the canvas is painted with, as CSS writes them. */
export interface Theme {
  readonly dark: boolean;
  readonly background: string;
  readonly dots: string;
  readonly body: string;
  readonly field: string;
  readonly border: string;
  readonly borderStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly danger: string;
  readonly success: string;
  readonly warning: string;
  readonly font: string;
}

let current: Theme | null = null;
const resolved = new Map<string, string>();
const listeners = new Set<() => void>();

function read(): Theme {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    dark: style.colorScheme !== "light",
    background: value("--bg"),
    dots: style.colorScheme !== "light" ? value("--surface-3") : value("--border"),
    body: value("--surface-2"),
    field: value("--surface-1"),
    border: value("--border"),
    borderStrong: value("--border-strong"),
    text: value("--text"),
    muted: value("--text-muted"),
    accent: value("--accent"),
    danger: value("--danger"),
    success: value("--success"),
    warning: value("--warning"),
    font: value("--font"),
  };
}

/** Return the colours of the theme that is shown. */
export function theme(): Theme {
  current ??= read();
  return current;
}

/** Return the colour that a CSS variable such as `var(--accent)` stands for; other colours as they are. */
export function resolveColor(color: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  if (name === undefined) return color;
  const known = resolved.get(name);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888888";
  resolved.set(name, value);
  return value;
}

/** Hear of changes of the theme; returns the function that ends this. */
export function onTheme(listener: () => void): () => void {
  if (listeners.size === 0) watchTheme();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let watched = false;

function watchTheme(): void {
  if (watched) return;
  watched = true;
  const changed = () => {
    current = null;
    resolved.clear();
    for (const listener of [...listeners]) listener();
  };
  new MutationObserver(changed).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "style", "class"],
  });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", changed);
}

/** Return the colours of the theme that is shown; the component is drawn anew when the theme changes. */
export const useTheme = (): Theme => useSyncExternalStore(onTheme, theme);
