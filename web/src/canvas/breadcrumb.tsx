/** Which subgraph is shown, and the way back. */

import { ChevronRight } from "lucide-react";
import { nodeOf, ROOT } from "@/document/records";
import { instancesOf } from "@/document/subgraphs";
import { instancesEntered } from "@/editor/node-path";
import { type OpenDocument, useSession } from "@/editor/session";
import { useText } from "@/i18n/language";
import styles from "./breadcrumb.module.css";

/** Return what the sheets that are entered are called; of several instances of a subgraph, which one it is. */
function namesOf(document: OpenDocument): string[] {
  const { store, scopes } = document;
  const entered = instancesEntered(document);
  return scopes.map((scope, depth) => {
    if (depth === 0) return document.title;
    const around = scopes[depth - 1] ?? ROOT;
    const instance = nodeOf(store, around, entered[depth - 1] ?? "");
    const sheet = store.get(`sheet:${scope}`);
    const name = sheet?.kind === "sheet" && typeof sheet.rest.name === "string" ? sheet.rest.name : scope;
    if (!instance) return name;
    const title = instance.raw.title || name;
    return instancesOf(store, scope).length > 1 ? `${title} #${instance.raw.id}` : title;
  });
}

/** Shown within a subgraph: the sheets from the workflow inwards, each of which can be gone back to. */
export function Breadcrumb({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const { scopes } = document;
  if (scopes.length < 2) return null;
  const names = namesOf(document);
  const show = (depth: number) =>
    useSession.getState().amend(document.id, { scopes: scopes.slice(0, depth + 1), selection: new Set() });
  return (
    <nav className={styles.crumbs} aria-label={text("canvas.whereYouAre")}>
      <ol>
        {scopes.map((scope, depth) => (
          <li key={scope}>
            {depth > 0 && <ChevronRight size={14} aria-hidden />}
            {depth === scopes.length - 1 ? (
              <span aria-current="page">{names[depth]}</span>
            ) : (
              <button type="button" onClick={() => show(depth)}>
                {names[depth]}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
