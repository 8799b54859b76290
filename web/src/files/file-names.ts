/** Names of workflows as people write them, `portraits/anna`, and the paths of their files. */

import { text } from "@/i18n/language";
import { FOLDER } from "./user-workflows";

const SUFFIX = ".json";
const LONGEST = 200;
/** What some file system or other takes for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[:*?"<>|\\\u0000-\u001f]/;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Return the path of a workflow by its name; folders are parted by `/`. */
export function pathOfName(name: string): string {
  const parts = name.split("/").map((part) => part.trim());
  const whole = parts.filter((part) => part !== "").join("/");
  return `${FOLDER}${whole}${whole.toLowerCase().endsWith(SUFFIX) ? "" : SUFFIX}`;
}

/** Return the name of a workflow by its path: without `workflows/` and `.json`. */
export function nameOfPath(path: string): string {
  const bare = path.startsWith(FOLDER) ? path.slice(FOLDER.length) : path;
  return bare.endsWith(SUFFIX) ? bare.slice(0, -SUFFIX.length) : bare;
}

/** Return what is wrong with a name, in a sentence, or null where it can be used. */
export function wrongName(name: string): string | null {
  const parts = name.split("/").map((part) => part.trim());
  if (parts.at(-1) === "") return text("files.nameMissing");
  if (parts.some((part) => part.startsWith("."))) return text("files.nameDot");
  if (parts.some((part) => FORBIDDEN.test(part) || RESERVED.test(part))) return text("files.nameForbidden");
  if (parts.some((part) => part.length > LONGEST)) return text("files.nameLong", { most: LONGEST });
  return null;
}
