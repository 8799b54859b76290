/** The settings as the dialog lists them. */

import type { Settings } from "@/editor/settings";
import type { TextKey } from "@/i18n/language";

type KeysOf<Kind> = { [Key in keyof Settings]: Settings[Key] extends Kind ? Key : never }[keyof Settings];

/** The settings that are one of a few words. */
type WordKey = "theme" | "language" | "linkStyle" | "wheel" | "previewMethod" | "controlMode";

/** A setting and the control that it is chosen with. */
export type SettingLine =
  | { readonly kind: "switch"; readonly key: KeysOf<boolean> }
  | { readonly kind: "number"; readonly key: KeysOf<number>; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly key: WordKey; readonly options: readonly string[] };

/** Settings that stand under one heading. */
export interface SettingGroup {
  readonly heading: TextKey;
  readonly lines: readonly SettingLine[];
}

/** Every setting that the dialog offers, in its order. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    heading: "shell.settings-look",
    lines: [
      { kind: "choice", key: "theme", options: ["system", "dark", "light"] },
      { kind: "choice", key: "language", options: ["system", "en", "zh"] },
      { kind: "switch", key: "reduceMotion" },
    ],
  },
  {
    heading: "shell.canvas",
    lines: [
      { kind: "choice", key: "wheel", options: ["zoom", "pan"] },
      { kind: "choice", key: "linkStyle", options: ["curved", "straight", "stepped", "hidden"] },
      { kind: "switch", key: "snapToGrid" },
      { kind: "number", key: "gridSize", min: 2, max: 100 },
      { kind: "switch", key: "minimap" },
      { kind: "number", key: "weightStep", min: 1, max: 50 },
    ],
  },
  {
    heading: "shell.group-run",
    lines: [
      { kind: "number", key: "batchCount", min: 1, max: 999 },
      {
        kind: "choice",
        key: "previewMethod",
        options: ["default", "none", "auto", "latent2rgb", "taesd"],
      },
      { kind: "choice", key: "controlMode", options: ["after", "before"] },
      { kind: "switch", key: "profiler" },
      { kind: "switch", key: "notify" },
    ],
  },
  {
    heading: "shell.group-file",
    lines: [
      { kind: "switch", key: "autosave" },
      { kind: "switch", key: "confirmClose" },
    ],
  },
];
