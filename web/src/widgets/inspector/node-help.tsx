/** The help page of a kind of node. */

import { useState } from "react";
import { type Language, useLanguage, useText } from "@/i18n/language";
import { apiUrl } from "@/server/api";
import { Button } from "@/ui/button";
import { Markdown } from "./markdown";
import { Section } from "./section";

/** Return the page of a kind in a language, else in English; null where it has none. */
async function pageOf(type: string, language: Language): Promise<string | null> {
  for (const one of new Set([language, "en"])) {
    const answer = await fetch(apiUrl(`/docs/${encodeURIComponent(type)}/${one}.md`));
    if (answer.ok) return answer.text();
  }
  return null;
}

/** Opens the page when asked for. */
export function NodeHelp({ type }: { readonly type: string }) {
  const text = useText();
  const language = useLanguage((state) => state.language);
  const [page, setPage] = useState<{ readonly type: string; readonly source: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const open = () => {
    setBusy(true);
    pageOf(type, language)
      .then((source) => setPage({ type, source: source ?? text("widgets.noHelp") }))
      .catch(() => setPage({ type, source: text("widgets.noHelp") }))
      .finally(() => setBusy(false));
  };
  const shown = page?.type === type ? page : null;
  return (
    <Section
      title={text("widgets.help")}
      actions={
        <Button
          size="small"
          busy={busy}
          aria-expanded={shown !== null}
          onClick={() => (shown ? setPage(null) : open())}
        >
          {text(shown ? "widgets.hide" : "widgets.show")}
        </Button>
      }
    >
      {shown && <Markdown source={shown.source} />}
    </Section>
  );
}
