/** How the value of a widget is written in its row. */

import type { WidgetSlot } from "@/catalogue/slots";
import { exactInteger } from "@/document/exact-json";
import type { Json } from "@/document/records";
import { text } from "@/i18n/language";
import { hexOfNumber } from "@/widgets/plain/color-text";

/** Return the value of a widget as its row shows it: one line, without names of folders for choices. */
export function shownValue(slot: WidgetSlot, value: Json): string {
  if (value === null || value === undefined) return "";
  if (slot.kind === "color") return colorText(value);
  if (slot.kind === "toggle") return text(value === true ? "canvas.on" : "canvas.off");
  if (slot.kind === "integer") return String(exactInteger(value) ?? value);
  if (slot.kind === "number" && typeof value === "number") return decimal(value);
  if (typeof value === "object") return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
  return String(value).replaceAll("\n", " ");
}

/** Return a colour as `#rrggbb`, whether it is kept as a number or as a text. */
const colorText = (value: Json): string =>
  typeof value === "number" ? hexOfNumber(value) : String(value ?? "");

/** Return a number with at least one digit after the point, and at most six. */
function decimal(value: number): string {
  const short = Number(value.toFixed(6));
  return Number.isInteger(short) ? short.toFixed(1) : String(short);
}
