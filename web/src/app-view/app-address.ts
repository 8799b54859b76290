/** The address of the page as it names an app. */

import { useCatalogue } from "@/catalogue/state";
import { loadCatalogue } from "@/editor/load-catalogue";
import type { OpenDocument } from "@/editor/session";
import { loadSettings } from "@/editor/settings";
import { openSaved } from "@/files/open";
import { openTemplateNamed } from "@/files/templates";
import { text } from "@/i18n/language";
import { startRuns } from "@/run/start-runs";
import { connect } from "@/server/socket";
import { toast } from "@/ui/toast";
import { appFields, shownChoice } from "./app-fields";
import { applyValues, misfits, unpackValues } from "./shared-values";

const FOLDER = "workflows/";

/** Return the app that the address asks for; null where it asks for none. */
export const askedApp = (): string | null => new URLSearchParams(location.search).get("app");

/**
 * Open the app that the address asks for, with the values that it brings.
 *
 * @param name Path of a saved workflow below `workflows/`, or the name of a template.
 * @throws ServerError There is no such workflow, or no server. @throws WorkflowFormatError It is none.
 */
export async function openApp(name: string): Promise<OpenDocument> {
  await Promise.all([loadSettings(), loadCatalogue()]);
  const { loaded, error, catalogue } = useCatalogue.getState();
  if (!loaded) throw new Error(error ?? "");
  startRuns();
  connect();
  const saved = name.endsWith(".json");
  const path = name.startsWith(FOLDER) ? name : FOLDER + name;
  const document = await (saved ? openSaved(path) : openTemplateNamed(name));
  const { store } = document;
  const values = unpackValues(new URLSearchParams(location.search).get("v"));
  const fields = appFields(store.records, catalogue, shownChoice(store.records, catalogue));
  if (Object.keys(values).length > 0) applyValues(fields, store, values);
  const odd = misfits(fields, values);
  if (odd.length > 0) {
    toast({ text: text("app.link-odd", { names: odd.join(", ") }), kind: "warning", seconds: 0, key: "app" });
  }
  return document;
}
