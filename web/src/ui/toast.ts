/** Short messages at the edge of the window. */

import { create } from "zustand";

/** What a message says, and for how long. */
export interface ToastContent {
  /** One sentence: what happened. */
  readonly text: string;
  /** What to do about it, or what exactly was said. */
  readonly detail?: string;
  readonly kind?: "info" | "success" | "warning" | "error";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays; 0 until it is closed. Default: 5, for errors 0, with an action 10. */
  readonly seconds?: number;
  /** A message with the same key is replaced. */
  readonly key?: string;
}

/** A message that is on the page. */
export interface ShownToast extends ToastContent {
  readonly id: number;
}

/** The most messages that are shown at once; older ones go. */
const MOST = 4;

let last = 0;

/** The messages on the page, oldest first. */
export const useToasts = create<{ readonly toasts: readonly ShownToast[] }>(() => ({ toasts: [] }));

/** How long a message stays, in seconds; 0 until it is closed. */
export function secondsOf({ seconds, kind, action }: ToastContent): number {
  if (seconds !== undefined) return seconds;
  if (kind === "error") return 0;
  return action ? 10 : 5;
}

/** Show a message; returns the id with which it can be taken away. */
export function toast(content: ToastContent): number {
  last += 1;
  const shown = { ...content, id: last };
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((one) => !content.key || one.key !== content.key), shown].slice(-MOST),
  }));
  return shown.id;
}

/** Take a message away; nothing happens where it is gone already. */
export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
}
