/** What mouse and fingers do on the canvas, for the help sheet. */

import type { TextKey } from "@/i18n/language";

interface Gesture {
  readonly what: TextKey;
  /** In words. */
  readonly how?: TextKey;
  readonly keys?: readonly string[];
}

/** Gestures that are listed together. */
export interface GestureGroup {
  readonly heading: TextKey;
  readonly lines: readonly Gesture[];
}

/** What mouse and fingers do on the canvas, in the order of the help sheet. */
export const GESTURES: readonly GestureGroup[] = [
  {
    heading: "shell.gestures-mouse",
    lines: [
      { what: "shell.gesture-add", how: "shell.gesture-add-mouse" },
      { what: "shell.gesture-pan", how: "shell.gesture-pan-mouse" },
      { what: "shell.gesture-zoom", how: "shell.gesture-zoom-mouse" },
      { what: "shell.gesture-box", how: "shell.gesture-box-mouse" },
      { what: "shell.gesture-wire", how: "shell.gesture-wire-mouse" },
      { what: "shell.gesture-offer", how: "shell.gesture-offer-mouse" },
      { what: "shell.gesture-wires", how: "shell.gesture-wires-mouse" },
      { what: "shell.gesture-point", how: "shell.gesture-point-mouse" },
      { what: "shell.gesture-insert", how: "shell.gesture-insert-mouse" },
      { what: "shell.gesture-copy", how: "shell.gesture-copy-mouse" },
      { what: "shell.gesture-menu", how: "shell.gesture-menu-mouse" },
      { what: "shell.gesture-number", how: "shell.gesture-number-mouse" },
      { what: "shell.gesture-drop", how: "shell.gesture-drop-mouse" },
    ],
  },
  {
    heading: "shell.gestures-touch",
    lines: [
      { what: "shell.gesture-pan", how: "shell.gesture-pan-touch" },
      { what: "shell.gesture-zoom", how: "shell.gesture-zoom-touch" },
      { what: "shell.gesture-menu", how: "shell.gesture-menu-touch" },
      { what: "shell.gesture-wire", how: "shell.gesture-wire-touch" },
      { what: "shell.gesture-drag", how: "shell.gesture-drag-touch" },
      { what: "shell.gesture-details", how: "shell.gesture-details-touch" },
    ],
  },
  {
    heading: "shell.gestures-canvas",
    lines: [
      { what: "shell.gesture-go", keys: ["arrowup", "arrowdown", "arrowleft", "arrowright"] },
      { what: "shell.gesture-ends", keys: ["home", "end"] },
      { what: "shell.gesture-follow", keys: ["[", "]"] },
      { what: "shell.gesture-into", keys: ["enter"] },
      { what: "shell.gesture-back", keys: ["escape"] },
      { what: "shell.gesture-toggle", keys: ["space"] },
      { what: "shell.gesture-extend", keys: ["shift+arrowright"] },
      { what: "shell.gesture-move", keys: ["alt+arrowright"] },
      { what: "shell.gesture-move-far", keys: ["alt+shift+arrowright"] },
      { what: "shell.gesture-menu", keys: ["shift+f10"] },
    ],
  },
  {
    heading: "shell.gestures-field",
    lines: [
      { what: "shell.gesture-choices", how: "shell.gesture-choices-text" },
      { what: "shell.gesture-weight", keys: ["mod+arrowup", "mod+arrowdown"] },
      { what: "shell.gesture-step", keys: ["arrowup", "arrowdown"] },
    ],
  },
];
