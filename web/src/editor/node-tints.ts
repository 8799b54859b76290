/** The colours that a node can be given by name, as files have them: of its header and of its body. */

import type { TextKey } from "@/i18n/language";

/** A named pair of colours for a node. */
export interface Tint {
  readonly label: TextKey;
  readonly header: string;
  readonly body: string;
}

/** Colours that a node can be given, with the values that ComfyUI writes for the same names. */
export const TINTS: readonly Tint[] = [
  { label: "canvas.red", header: "#322", body: "#533" },
  { label: "canvas.brown", header: "#332922", body: "#593930" },
  { label: "canvas.green", header: "#232", body: "#353" },
  { label: "canvas.blue", header: "#223", body: "#335" },
  { label: "canvas.paleBlue", header: "#2a363b", body: "#3f5159" },
  { label: "canvas.cyan", header: "#233", body: "#355" },
  { label: "canvas.purple", header: "#323", body: "#535" },
  { label: "canvas.yellow", header: "#432", body: "#653" },
  { label: "canvas.black", header: "#222", body: "#000" },
];

/** Colours that a group can be given. */
export const GROUP_COLORS: readonly { readonly label: TextKey; readonly color: string }[] = [
  { label: "canvas.paleBlue", color: "#3f789e" },
  { label: "canvas.red", color: "#A88" },
  { label: "canvas.brown", color: "#b06634" },
  { label: "canvas.green", color: "#8A8" },
  { label: "canvas.blue", color: "#88A" },
  { label: "canvas.cyan", color: "#8AA" },
  { label: "canvas.purple", color: "#a1309b" },
  { label: "canvas.yellow", color: "#b58b2a" },
];
