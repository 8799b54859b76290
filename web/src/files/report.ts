/** Tells the user why something with files did not work, and how to mend it. */

import { WorkflowFormatError } from "@/document/read";
import { type TextKey, text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { toast } from "@/ui/toast";

/** Show an error of something that was tried; `what` names it as the start of the message. */
export function report(error: unknown, what: TextKey, values: Readonly<Record<string, string>> = {}): void {
  toast({ text: text(what, values), detail: reasonOf(error), kind: "error" });
}

/** Wait for something to open, and tell why it did not; returns whether it did. */
export async function reportOpening(opening: Promise<unknown>, name: string): Promise<boolean> {
  try {
    await opening;
    return true;
  } catch (error) {
    report(error, "files.notOpened", { name });
    return false;
  }
}

/** Return why something failed, in a sentence or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof ServerError && error.status === 404) return text("files.notThere");
  if (error instanceof ServerError) return [error.message, error.details].filter(Boolean).join(" ");
  if (error instanceof WorkflowFormatError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
