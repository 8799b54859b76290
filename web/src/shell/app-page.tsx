/** A page with an app and nothing else. */

import { CircleAlert, Link, PencilRuler } from "lucide-react";
import { useEffect, useState } from "react";
import { askedApp, openApp } from "@/app-view/app-address";
import { AppForm } from "@/app-view/app-form";
import { copyAppLink } from "@/app-view/app-link";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { RunLayer } from "@/run/run-layer";
import { Announcer } from "@/ui/announcer";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Questions } from "@/ui/questions";
import { Spinner } from "@/ui/spinner";
import { Toasts } from "@/ui/toasts";
import { TooltipProvider } from "@/ui/tooltip";
import { WidgetsLayer } from "@/widgets/widgets-layer";
import styles from "./app-page.module.css";
import { ConnectionBanner } from "./connection-banner";
import { ThemeButton } from "./theme-button";

const name = askedApp() ?? "";

type Stage =
  | { readonly name: "opening" }
  | { readonly name: "open"; readonly document: OpenDocument }
  | { readonly name: "failed"; readonly reason: string };

const opened: Promise<Stage> = openApp(name).then(
  (document) => ({ name: "open", document }),
  (error: unknown) => ({ name: "failed", reason: error instanceof Error ? error.message : String(error) }),
);

/** The app that the address names. */
export function AppPage() {
  const [stage, setStage] = useState<Stage>({ name: "opening" });
  useEffect(() => void opened.then(setStage), []);
  return (
    <TooltipProvider>
      <Page stage={stage} />
      <RunLayer />
      <WidgetsLayer />
      <Questions />
      <Toasts />
      <Announcer />
    </TooltipProvider>
  );
}

function Page({ stage }: { readonly stage: Stage }) {
  const text = useText();
  const title = stage.name === "open" ? stage.document.title : name;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {stage.name === "open" && (
          <Button kind="quiet" icon={Link} onClick={() => void copyAppLink(stage.document, name)}>
            <span className={styles.words}>{text("app.copy-link")}</span>
          </Button>
        )}
        <a className={styles.edit} href={`?${new URLSearchParams({ workflow: name })}`}>
          <PencilRuler size={16} aria-hidden />
          <span className={styles.words}>{text("app.edit")}</span>
        </a>
        <ThemeButton />
      </header>
      <ConnectionBanner />
      <main className={styles.main}>
        {stage.name === "opening" && <Spinner />}
        {stage.name === "open" && <AppForm document={stage.document} app={name} />}
        {stage.name === "failed" && (
          <EmptyState
            icon={CircleAlert}
            title={text("app.not-opened", { name })}
            text={stage.reason}
            action={<Button onClick={() => location.reload()}>{text("common.retry")}</Button>}
          />
        )}
      </main>
    </div>
  );
}
