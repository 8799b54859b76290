/** The panel in which an app is made of the workflow that is open. */

import { ExternalLink, Eye, Link, Plus, Sparkles } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCatalogue } from "@/catalogue/state";
import { appChoice, changeApp, isPromoted, toggleOutput, togglePromoted } from "@/editor/app-choice";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { Menu } from "@/ui/menu";
import { inputEntries } from "@/widgets/widget-entries";
import { usualChoice } from "./app-fields";
import { appName, copyAppLink } from "./app-link";
import styles from "./app-panel.module.css";
import { ExampleRows } from "./example-rows";
import { InputRow } from "./input-row";
import { outputEntries } from "./output-entries";
import { OutputRow } from "./output-row";
import { useApp } from "./use-app";

const AppForm = lazy(async () => ({ default: (await import("./app-form")).AppForm }));

/** What the app of the active workflow shows, and the ways to see it. */
export default function AppPanel() {
  const text = useText();
  const document = useActiveDocument();
  if (!document) return <EmptyState icon={Sparkles} title={text("shell.no-workflow")} />;
  return <Choice key={document.id} document={document} />;
}

function Choice({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const { choice, fields } = useApp(document.store);
  const { records } = document.store;
  const chosen = appChoice(records) !== null;
  const ticked = (path: string, widget: string) => isPromoted(records, path, widget);
  return (
    <div className={styles.panel}>
      <p className={styles.about}>{text(chosen ? "app.about" : "app.about-usual")}</p>
      {!chosen && <TakeUsual document={document} />}
      <Section
        title={text("app.inputs")}
        add={text("app.add-input")}
        entries={() => inputEntries(document, togglePromoted, ticked)}
      >
        <ol className={styles.rows}>
          {choice.inputs.map((input, at) => (
            <InputRow
              key={`${input.path} ${input.widget}`}
              document={document}
              input={input}
              at={at}
              last={choice.inputs.length - 1}
              fixed={!chosen}
            />
          ))}
        </ol>
      </Section>
      <Section
        title={text("app.outputs")}
        add={text("app.add-output")}
        entries={() => outputEntries(document, toggleOutput)}
      >
        <ul className={styles.rows}>
          {choice.outputs.map((path) => (
            <OutputRow key={path} document={document} path={path} fixed={!chosen} />
          ))}
        </ul>
      </Section>
      <ExampleRows document={document} fields={fields} />
      <Ways document={document} />
    </div>
  );
}

/** Begin with what the app shows by itself. */
function TakeUsual({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const take = () => {
    const { catalogue } = useCatalogue.getState();
    changeApp(document, () => usualChoice(document.store.records, catalogue));
  };
  return (
    <Button icon={Sparkles} onClick={take}>
      {text("app.take-usual")}
    </Button>
  );
}

interface SectionProps {
  readonly title: string;
  readonly add: string;
  readonly entries: () => ReturnType<typeof inputEntries>;
  readonly children: React.ReactNode;
}

function Section({ title, add, entries, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <Menu entries={entries} align="end">
          <Button size="small" icon={Plus}>
            {add}
          </Button>
        </Menu>
      </div>
      {children}
    </section>
  );
}

/** Look at the app here, open it alone, copy its address. */
function Ways({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const [shown, setShown] = useState(false);
  const name = appName(document);
  return (
    <div className={styles.ways}>
      <Button kind="primary" icon={Eye} onClick={() => setShown(true)}>
        {text("app.preview-here")}
      </Button>
      {name === null ? (
        <p className={styles.about}>{text("app.save-first")}</p>
      ) : (
        <>
          <a
            className={styles.link}
            href={`?${new URLSearchParams({ app: name })}`}
            target="_blank"
            rel="noopener"
          >
            <ExternalLink size={16} aria-hidden />
            {text("app.open")}
          </a>
          <Button icon={Link} onClick={() => void copyAppLink(document, name)}>
            {text("app.copy-link")}
          </Button>
        </>
      )}
      <Dialog title={document.title} size="full" open={shown} onOpenChange={setShown}>
        <Suspense fallback={null}>{shown && <AppForm document={document} />}</Suspense>
      </Dialog>
    </div>
  );
}
