/** Types of sockets: what may be joined to what, and in which colour it is drawn. */

import type { Json } from "@/document/records";

const ANY = "*";
/** A type that is decided by what else is joined to the node. */
const TEMPLATE = "COMFY_MATCHTYPE_V3";

/**
 * Tell whether a link may lead from an output to an input. Lists of types (`INT,FLOAT`) fit where they share
 * one; `*`, no type, and types that a template decides fit everything. Nothing is converted.
 */
export function accepts(outputType: Json, inputType: Json): boolean {
  const offered = namesOf(outputType);
  const wanted = namesOf(inputType);
  if (isOpen(offered) || isOpen(wanted)) return true;
  return wanted.some((name) => offered.includes(name));
}

const parts = new Map<string, readonly string[]>();

function namesOf(type: Json): readonly string[] {
  // Old files have the choices themselves as the type of a choice.
  if (Array.isArray(type)) return ["COMBO"];
  if (typeof type !== "string" || type === "") return [ANY];
  const known = parts.get(type) ?? type.split(",").map((part) => part.trim());
  parts.set(type, known);
  return known;
}

function isOpen(names: readonly string[]): boolean {
  return names.includes(ANY) || names.includes(TEMPLATE);
}

/** Colours by type, in the hues that users know; light enough for dark nodes, drawn with a dark rim on light ones. */
const COLOURS: Readonly<Record<string, string>> = {
  MODEL: "#b39ddb",
  CLIP: "#ffd54f",
  VAE: "#ff8a80",
  CONDITIONING: "#ffb26b",
  LATENT: "#ff9cf9",
  IMAGE: "#64b5f6",
  MASK: "#81c784",
  CONTROL_NET: "#5fd2a5",
  CLIP_VISION: "#a8dadc",
  CLIP_VISION_OUTPUT: "#c9ada7",
  STYLE_MODEL: "#c2ffae",
  NOISE: "#b8b8b8",
  GUIDER: "#66ffff",
  SAMPLER: "#ecb4b4",
  SIGMAS: "#cdffcd",
  UPSCALE_MODEL: "#d6c3a8",
  INT: "#7fd1c1",
  FLOAT: "#a5d6a7",
  STRING: "#e0c97f",
  BOOLEAN: "#f4a3b4",
  COMBO: "#cfc2e6",
  AUDIO: "#8fb8ff",
  VIDEO: "#9fa8ff",
  "*": "#bdbdbd",
};
/** Lists of up to so many types have the colour of the first. */
const MANY = 3;
const hashed = new Map<string, string>();

/** Return the CSS colour of a type: at least 3:1 against the bodies of nodes of the dark theme. */
export function socketColor(type: Json): string {
  const names = namesOf(type);
  // What fits so many types is of none of them.
  const name = names.length > MANY ? ANY : (names[0] ?? ANY);
  return COLOURS[name] ?? hashed.get(name) ?? remember(name);
}

/** Types of packs get a hue of their own from their name, always the same. */
function remember(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const colour = `hsl(${hash % 360} 62% 72%)`;
  hashed.set(name, colour);
  return colour;
}
