/** Everything that is wrong with the workflow that is shown, each with what mends it. */

import { CircleAlert, CircleCheck, Wrench } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { goToProblem } from "./go-to-node";
import { problemText } from "./problem-text";
import type { Fix, NodeProblem } from "./problems";
import styles from "./problems-panel.module.css";
import { useProblemsOf } from "./problems-state";

/** The list; whatever is chosen in it is shown on the canvas. */
export default function ProblemsPanel() {
  const say = useText();
  const document = useActiveDocument();
  const problems = useProblemsOf(document?.id);
  if (!document || problems.length === 0) {
    return <EmptyState icon={CircleCheck} title={say("run.noProblems")} text={say("run.noProblemsText")} />;
  }
  return (
    <ul className={styles.list} aria-label={say("run.problemCount", { count: problems.length })}>
      {problems.map((problem) => (
        <Problem key={problem.id} document={document} problem={problem} />
      ))}
    </ul>
  );
}

interface ProblemProps {
  readonly document: OpenDocument;
  readonly problem: NodeProblem;
}

function Problem({ document, problem }: ProblemProps) {
  const say = useText();
  const title = titleAt(document, problem.path);
  const name = title ?? say("run.wholeWorkflow");
  const heading = problem.input ? say("run.problemAt", { title: name, input: problem.input }) : name;
  return (
    <li className={styles.problem}>
      {title === null ? (
        <p className={styles.where}>{heading}</p>
      ) : (
        <button type="button" className={styles.where} onClick={() => goToProblem(document, problem)}>
          <CircleAlert size={15} aria-hidden />
          {heading}
        </button>
      )}
      <p className={styles.message}>{problemText(problem)}</p>
      <Facts problem={problem} />
      <div className={styles.fixes}>
        {problem.fixes.map((fix, place) => (
          <FixButton key={fix.label} fix={fix} best={place === 0} />
        ))}
      </div>
      {problem.details.includes("\n") && (
        <details className={styles.details}>
          <summary>{say("run.details")}</summary>
          <pre>{problem.details}</pre>
        </details>
      )}
    </li>
  );
}

function Facts({ problem: { received, expected } }: { readonly problem: NodeProblem }) {
  const say = useText();
  if (received === undefined && expected === undefined) return null;
  return (
    <p className={styles.facts}>
      {received !== undefined && <span>{say("run.received", { value: received })}</span>}
      {expected !== undefined && <span>{say("run.expected", { value: expected })}</span>}
    </p>
  );
}

function FixButton({ fix, best }: { readonly fix: Fix; readonly best: boolean }) {
  return (
    <Button
      size="small"
      kind={best ? "primary" : "plain"}
      className={styles.fix}
      {...(best && { icon: Wrench })}
      onClick={() => void fix.apply()}
    >
      {fix.label}
    </Button>
  );
}

function titleAt(document: OpenDocument, path: string): string | null {
  const node = path === "" ? undefined : nodeAt(document.store.records, path);
  return node ? titleOf(node.raw, useCatalogue.getState().catalogue.get(node.raw.type)) : null;
}
