/** What a panel shows: loaded when it is opened for the first time, and kept apart from the rest by its faults. */

import { CircleAlert } from "lucide-react";
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from "react";
import type { Panel } from "@/editor/panel";
import { text, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Spinner } from "@/ui/spinner";
import styles from "./panel-content.module.css";

const loaded = new Map<string, LazyExoticComponent<ComponentType>>();

function componentOf(panel: Panel): LazyExoticComponent<ComponentType> {
  const component = loaded.get(panel.id) ?? lazy(panel.load);
  loaded.set(panel.id, component);
  return component;
}

/** The panel's component, or what went wrong with it. */
export function PanelContent({ panel }: { readonly panel: Panel }) {
  const say = useText();
  const Content = componentOf(panel);
  return (
    <ErrorBoundary fallback={(error, retry) => <PanelFault panel={panel} error={error} retry={retry} />}>
      <Suspense
        fallback={
          <div className={styles.waiting}>
            <Spinner label={say("common.loading")} />
          </div>
        }
      >
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}

interface PanelFaultProps {
  readonly panel: Panel;
  readonly error: Error;
  readonly retry: () => void;
}

function PanelFault({ panel, error, retry }: PanelFaultProps) {
  const again = () => {
    loaded.delete(panel.id);
    retry();
  };
  return (
    <EmptyState
      icon={CircleAlert}
      title={text("shell.panel-failed", { panel: text(panel.label) })}
      text={error.message}
      action={<Button onClick={again}>{text("common.retry")}</Button>}
    />
  );
}
