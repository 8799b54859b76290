/** An app: its fields, the button that runs it, and its results. */

import { CircleAlert, Play, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import type { NodeProblem } from "@/run/problems";
import { useProblemsOf } from "@/run/problems-state";
import { interrupt } from "@/run/run";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ProgressBar } from "@/ui/progress-bar";
import { AppFieldRow } from "./app-field";
import type { AppField } from "./app-fields";
import styles from "./app-form.module.css";
import { AppResults } from "./app-results";
import { followApp, runApp, useRunsOf } from "./app-run";
import { valuesOf } from "./shared-values";
import { useApp } from "./use-app";

/** The form and the results beside each other; one below the other where there is no room. */
export function AppForm({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const { choice, fields } = useApp(document.store);
  const problems = useProblemsOf(document.id);
  const outputs = useRef(choice.outputs);
  outputs.current = choice.outputs;
  useEffect(() => followApp(document, () => outputs.current), [document]);
  const run = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void runApp(document, valuesOf(fields, document.store));
  };
  if (fields.length + choice.outputs.length === 0) {
    return <EmptyState icon={CircleAlert} title={text("app.nothing")} text={text("app.nothing-text")} />;
  }
  return (
    <div className={styles.app}>
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
          <OtherProblems problems={problems} fields={fields} />
        </div>
        <RunBar documentId={document.id} />
      </form>
      <AppResults document={document} fields={fields} />
    </div>
  );
}

const isOf = ({ path, input }: NodeProblem, field: AppField): boolean =>
  path === field.input.path && input === field.input.widget;

const problemOf = (problems: readonly NodeProblem[], field: AppField): string | undefined =>
  problems.find((problem) => isOf(problem, field))?.message;

interface OtherProblemsProps {
  readonly problems: readonly NodeProblem[];
  readonly fields: readonly AppField[];
}

/** What is wrong with the workflow and belongs to no field. */
function OtherProblems({ problems, fields }: OtherProblemsProps) {
  const others = useMemo(
    () => problems.filter((problem) => !fields.some((field) => isOf(problem, field))),
    [problems, fields],
  );
  if (others.length === 0) return null;
  return (
    <ul className={styles.problems} role="alert">
      {others.map(({ id, message }) => (
        <li key={id}>
          <CircleAlert size={16} aria-hidden />
          {message}
        </li>
      ))}
    </ul>
  );
}

/** The button that runs it; while something runs, how far that is and the button that stops it. */
function RunBar({ documentId }: { readonly documentId: string }) {
  const text = useText();
  const { open, share } = useRunsOf(documentId);
  return (
    <div className={styles.bar}>
      {open.length > 0 && <ProgressBar label={text("app.progress")} value={share} />}
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" icon={Play} className={styles.run}>
          {text(open.length > 0 ? "app.run-again" : "app.run")}
        </Button>
        {open.length > 0 && (
          <Button icon={Square} onClick={() => void interrupt()}>
            {text("app.stop")}
          </Button>
        )}
      </div>
    </div>
  );
}
