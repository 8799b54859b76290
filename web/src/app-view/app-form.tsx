/** An app: its fields, the button that runs it, and its results. */

import { CircleAlert, Play, RotateCcw, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import type { NodeProblem } from "@/run/problems";
import { useProblemsOf } from "@/run/problems-state";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { AppFieldRow } from "./app-field";
import type { AppField } from "./app-fields";
import styles from "./app-form.module.css";
import { AppResults } from "./app-results";
import { followApp, runApp, stopApp } from "./app-run";
import { ExampleList } from "./example-list";
import { ProblemLine } from "./problem-line";
import { useRunsOf } from "./runs-state";
import { applyValues, sameValues, type Values, valuesOf } from "./shared-values";
import { Standing } from "./standing";
import { useApp } from "./use-app";

interface AppFormProps {
  readonly document: OpenDocument;
  /** Name of the app, under which its runs are kept in this browser; left out, none are. */
  readonly app?: string;
}

/** The form and the results beside each other; one below the other where there is no room. */
export function AppForm({ document, app }: AppFormProps) {
  const text = useText();
  const { choice, fields } = useApp(document.store);
  const problems = useProblemsOf(document.id);
  const outputs = useRef(choice.outputs);
  outputs.current = choice.outputs;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => followApp(document, () => outputs.current, app ?? null), [document, app]);
  const run = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void runApp(document, valuesOf(fields, document.store));
    showResults(place.current);
  };
  if (fields.length + choice.outputs.length === 0) {
    return <EmptyState icon={CircleAlert} title={text("app.nothing")} text={text("app.nothing-text")} />;
  }
  return (
    <div className={styles.app} ref={place}>
      <form
        className={styles.form}
        aria-label={text("app.form")}
        onSubmit={run}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(event);
        }}
      >
        <div className={styles.fields}>
          {fields.map((field) => (
            <AppFieldRow
              key={`${field.input.path} ${field.input.widget}`}
              store={document.store}
              field={field}
              problem={problemOf(problems, field)}
            />
          ))}
          <ExampleList document={document} fields={fields} />
          <OtherProblems problems={problems} fields={fields} />
        </div>
        <RunBar document={document} fields={fields} />
      </form>
      <AppResults document={document} fields={fields} />
    </div>
  );
}

/** Bring the results into view where they lie below the form, on a phone: nothing else there says that it runs. */
function showResults(app: HTMLElement | null): void {
  const [form, results] = app?.children ?? [];
  if (!form || !results || results.getBoundingClientRect().top < form.getBoundingClientRect().bottom) return;
  results.scrollIntoView({ block: "start" });
}

const isOf = ({ path, input }: NodeProblem, field: AppField): boolean =>
  path === field.input.path && input === field.input.widget;

const problemOf = (problems: readonly NodeProblem[], field: AppField): NodeProblem | undefined =>
  problems.find((problem) => isOf(problem, field));

interface OtherProblemsProps {
  readonly problems: readonly NodeProblem[];
  readonly fields: readonly AppField[];
}

/** What is wrong with the workflow and belongs to no field. What stopped a run is told with the results. */
function OtherProblems({ problems, fields }: OtherProblemsProps) {
  const others = useMemo(
    () => problems.filter((one) => !one.atRunTime && !fields.some((field) => isOf(one, field))),
    [problems, fields],
  );
  if (others.length === 0) return null;
  return (
    <ul className={styles.problems} role="alert">
      {others.map((problem) => (
        <li key={problem.id}>
          <CircleAlert size={16} aria-hidden />
          <ProblemLine problem={problem} />
        </li>
      ))}
    </ul>
  );
}

interface RunBarProps {
  readonly document: OpenDocument;
  readonly fields: readonly AppField[];
}

/** The button that runs it; while something runs, how far that is and the button that stops it. */
function RunBar({ document, fields }: RunBarProps) {
  const text = useText();
  const { open } = useRunsOf(document.id);
  const { store } = document;
  const [first] = useState<Values>(() => valuesOf(fields, store));
  const changed = !sameValues(first, valuesOf(fields, store));
  return (
    <div className={styles.bar}>
      {open.length > 0 && <Standing document={document} open={open} />}
      <div className={styles.buttons}>
        <IconButton
          size="large"
          label={text("app.reset")}
          icon={RotateCcw}
          disabled={!changed}
          onClick={() => applyValues(fields, store, first)}
        />
        <Button type="submit" kind="primary" icon={Play} className={styles.run}>
          {text(open.length > 0 ? "app.run-again" : "app.run")}
        </Button>
        {open.length > 0 && (
          <Button icon={Square} onClick={() => void stopApp(document)}>
            {text("app.stop")}
          </Button>
        )}
      </div>
    </div>
  );
}
