/** The panel with workflows to begin with. */

import { CircleAlert, SearchX } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { Spinner } from "@/ui/spinner";
import styles from "./panel.module.css";
import { TemplateGrid } from "./template-grid";
import { matching, refreshTemplates, useTemplates } from "./templates-state";

/** Everything to begin with, with a search. */
export default function TemplatesPanel() {
  const text = useText();
  const [search, setSearch] = useState("");
  return (
    <div className={styles.panel}>
      <SearchField label={text("files.searchTemplates")} value={search} onChange={setSearch} />
      <Found search={search} />
    </div>
  );
}

function Found({ search }: { readonly search: string }) {
  const text = useText();
  const { groups, error } = useTemplates();
  if (!groups && error !== null) {
    return (
      <EmptyState
        icon={CircleAlert}
        title={text("files.noTemplates")}
        text={error}
        action={<Button onClick={() => void refreshTemplates()}>{text("common.retry")}</Button>}
      />
    );
  }
  if (!groups) return <Spinner label={text("common.loading")} />;
  const shown = matching(groups, search);
  if (shown.length === 0) return <EmptyState icon={SearchX} title={text("files.nothingFound", { search })} />;
  return <TemplateGrid groups={shown} />;
}
