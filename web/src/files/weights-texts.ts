/** The texts in safetensors and `.latent` files: read from their beginning, however long they are. */

import { parseExact } from "@/document/exact-json";
import { WorkflowFormatError } from "@/document/read";
import { isObject } from "@/document/records";
import { text } from "@/i18n/language";

/** The longest header that is read, in bytes. */
const MOST = 100_000_000;

/** Return the texts of such a file by key; throws a WorkflowFormatError where it is damaged. */
export async function textsOfWeights(file: Blob): Promise<Readonly<Record<string, string>>> {
  const head = new DataView(await file.slice(0, 8).arrayBuffer());
  const length = Number(head.getBigUint64(0, true));
  if (length > MOST || 8 + length > file.size) throw new WorkflowFormatError(text("files.cutOff"));
  const header = parsed(await file.slice(8, 8 + length).text());
  const metadata = isObject(header) && isObject(header.__metadata__) ? header.__metadata__ : {};
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function parsed(header: string): unknown {
  try {
    return parseExact(header);
  } catch {
    throw new WorkflowFormatError(text("files.damagedText"));
  }
}
