/** Addresses of apps on the clipboard. */

import { useCatalogue } from "@/catalogue/state";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { appFields, shownChoice } from "./app-fields";
import { appAddress, valuesOf } from "./shared-values";

const FOLDER = "workflows/";

/** Return the name under which the app of a document is opened; null where it is not saved. */
export function appName({ path }: OpenDocument): string | null {
  return path === null ? null : path.startsWith(FOLDER) ? path.slice(FOLDER.length) : path;
}

/** Put the address of an app on the clipboard, with the values that its fields have now. */
export async function copyAppLink({ store }: OpenDocument, name: string): Promise<void> {
  const { catalogue } = useCatalogue.getState();
  const fields = appFields(store.records, catalogue, shownChoice(store.records, catalogue));
  const address = appAddress(name, valuesOf(fields, store));
  try {
    await navigator.clipboard.writeText(address);
    toast({ text: text("app.link-copied"), kind: "success", key: "app" });
  } catch {
    // Pages without a secure context may not write to it.
    toast({ text: text("app.link-is"), detail: address, seconds: 0, key: "app" });
  }
}
