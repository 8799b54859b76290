/** The colours of a node: from its own, its mode, or the category of its kind. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { MODE, type RawNode } from "@/document/records";

/** Colours as CSS writes them. */
export interface NodeColors {
  readonly header: string;
  readonly body: string;
  readonly title: string;
}

/** Hues of the first parts of categories; others get one from their letters. */
const HUES: Readonly<Record<string, number>> = {
  loaders: 262,
  advanced: 262,
  conditioning: 32,
  sampling: 214,
  latent: 328,
  image: 158,
  mask: 118,
  training: 352,
  dataset: 190,
  text: 48,
  logic: 96,
  utils: 220,
  audio: 290,
  video: 12,
  subgraph: 176,
};

/** Stands for the category of a kind that is not known. */
const UNKNOWN = "?";

function hueOf(category: string): number {
  const first = category.split("/")[0] ?? "";
  const known = HUES[first];
  if (known !== undefined) return known;
  let sum = 0;
  for (const letter of first) sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return sum;
}

const parsed = new Map<string, [number, number, number] | undefined>();

/** Red, green and blue, 0 to 255, of a colour such as #abc, #aabbcc or `hsl(20 60% 70%)`; undefined for others. */
function channels(color: string): [number, number, number] | undefined {
  if (!parsed.has(color)) parsed.set(color, parseColor(color));
  return parsed.get(color);
}

function parseColor(color: string): [number, number, number] | undefined {
  const byHue = /^hsl\(([\d.]+) ([\d.]+)% ([\d.]+)%\)$/.exec(color);
  if (byHue) return parseColor(fromHue(Number(byHue[1]), Number(byHue[2]) / 100, Number(byHue[3]) / 100));
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(color);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(color);
  const parts = long ?? short;
  if (!parts) return undefined;
  const at = (index: number) => {
    const digits = parts[index] ?? "0";
    return Number.parseInt(digits.length === 1 ? digits + digits : digits, 16);
  };
  return [at(1), at(2), at(3)];
}

const linear = (channel: number): number => {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

/** Return the relative luminance of a hex colour, 0 to 1, as WCAG defines it. */
export function luminance(color: string): number {
  const rgb = channels(color);
  if (!rgb) return 0;
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

const hex = (value: number): string =>
  Math.round(Math.min(255, Math.max(0, value)))
    .toString(16)
    .padStart(2, "0");

const mixes = new Map<string, string>();

/** Return a colour between two; `share` of the second. */
export function mixed(color: string, other: string, share: number): string {
  const key = `${color} ${other} ${share}`;
  const known = mixes.get(key);
  if (known !== undefined) return known;
  const mix = mixChannels(color, other, share);
  mixes.set(key, mix);
  return mix;
}

function mixChannels(color: string, other: string, share: number): string {
  const [a, b] = [channels(color), channels(other)];
  if (!a || !b) return color;
  return `#${a.map((channel, i) => hex(channel * (1 - share) + (b[i] ?? 0) * share)).join("")}`;
}

/** Return a hex colour of a hue (degrees), saturation and lightness (0 to 1). */
export function fromHue(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return `#${hex(channel(0))}${hex(channel(8))}${hex(channel(4))}`;
}

const PALE = "#ffffff";
const DARK = "#14161a";

/** Return white or near black, whichever is easier to read on a colour. */
export const readableOn = (color: string): string => (luminance(color) > 0.25 ? DARK : PALE);

/** Make a colour of a file fit the theme: files are mostly coloured for a dark one. */
function themed(color: string, dark: boolean): string {
  const light = luminance(color);
  if (!dark && light < 0.25) return mixed(color, PALE, 0.72);
  return dark && light > 0.4 ? mixed(color, DARK, 0.5) : color;
}

const tints = new Map<string, NodeColors>();

function tinted(category: string, dark: boolean, body: string, text: string): NodeColors {
  const key = `${category} ${dark} ${body}`;
  const known = tints.get(key);
  if (known) return known;
  const hue = hueOf(category);
  const gray = category === UNKNOWN ? 0.15 : 1;
  const header = dark ? fromHue(hue, 0.32 * gray, 0.27) : fromHue(hue, 0.5 * gray, 0.88);
  const colors = { header, body, title: text };
  tints.set(key, colors);
  return colors;
}

/** What of the theme the colours of nodes depend on. */
export interface Ground {
  readonly dark: boolean;
  readonly body: string;
  readonly background: string;
  readonly text: string;
  readonly muted: string;
}

function plainColors(raw: RawNode, definition: NodeDefinition | undefined, ground: Ground): NodeColors {
  // Subgraphs have no category of their own.
  const tint = tinted(
    definition ? definition.category || "subgraph" : UNKNOWN,
    ground.dark,
    ground.body,
    ground.text,
  );
  const header = raw.color && channels(raw.color) ? themed(raw.color, ground.dark) : undefined;
  const body = raw.bgcolor && channels(raw.bgcolor) ? themed(raw.bgcolor, ground.dark) : undefined;
  if (header === undefined && body === undefined) return tint;
  const top = header ?? tint.header;
  return {
    header: top,
    body: body ? mixed(ground.body, body, 0.55) : tint.body,
    title: readableOn(top),
  };
}

/** Return the colours of a node. */
export function nodeColors(raw: RawNode, definition: NodeDefinition | undefined, ground: Ground): NodeColors {
  const colors = plainColors(raw, definition, ground);
  if (raw.mode === MODE.muted) {
    return {
      header: mixed(colors.header, ground.background, 0.7),
      body: mixed(colors.body, ground.background, 0.7),
      title: ground.muted,
    };
  }
  if (raw.mode === MODE.bypassed) {
    const violet = ground.dark ? "#5b3f86" : "#d9c8f2";
    return { header: violet, body: mixed(colors.body, violet, 0.3), title: ground.text };
  }
  return colors;
}
