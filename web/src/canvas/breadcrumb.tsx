/** Which subgraph is shown, and the way back. */

import { ChevronRight } from "lucide-react";
import type { Scope } from "@/document/records";
import { ROOT } from "@/document/records";
import { type OpenDocument, useSession } from "@/editor/session";
import { useText } from "@/i18n/language";
import styles from "./breadcrumb.module.css";

/** Return the name of a subgraph. */
function nameOf(document: OpenDocument, scope: Scope): string {
  if (scope === ROOT) return document.title;
  const sheet = document.store.get(`sheet:${scope}`);
  return sheet?.kind === "sheet" && typeof sheet.rest.name === "string" ? sheet.rest.name : scope;
}

/** Shown within a subgraph: the sheets from the workflow inwards, each of which can be gone back to. */
export function Breadcrumb({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const { scopes } = document;
  if (scopes.length < 2) return null;
  const show = (depth: number) =>
    useSession.getState().amend(document.id, { scopes: scopes.slice(0, depth + 1), selection: new Set() });
  return (
    <nav className={styles.crumbs} aria-label={text("canvas.whereYouAre")}>
      <ol>
        {scopes.map((scope, depth) => (
          <li key={scope}>
            {depth > 0 && <ChevronRight size={14} aria-hidden />}
            {depth === scopes.length - 1 ? (
              <span aria-current="page">{nameOf(document, scope)}</span>
            ) : (
              <button type="button" onClick={() => show(depth)}>
                {nameOf(document, scope)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
