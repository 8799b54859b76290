/** What is wrong with a node, with what mends it. */

import { useText } from "@/i18n/language";
import type { NodeProblem } from "@/run/problems";
import { Button } from "@/ui/button";
import styles from "./problem-list.module.css";

/** Each mistake with what was got and wanted, and a button for each way to mend it. */
export function ProblemList({ problems }: { readonly problems: readonly NodeProblem[] }) {
  return (
    <ul className={styles.list}>
      {problems.map((problem) => (
        <Problem key={problem.id} problem={problem} />
      ))}
    </ul>
  );
}

function Problem({ problem }: { readonly problem: NodeProblem }) {
  const text = useText();
  const { input, message, details, received, expected, fixes } = problem;
  return (
    <li className={styles.problem}>
      <p className={styles.message}>
        {input !== undefined && <strong>{input}: </strong>}
        {message}
      </p>
      {received !== undefined && (
        <p className={styles.fact}>{text("canvas.received", { value: received })}</p>
      )}
      {expected !== undefined && (
        <p className={styles.fact}>{text("canvas.expected", { value: expected })}</p>
      )}
      {details !== "" && details !== message && (
        <details className={styles.details}>
          <summary>{text("canvas.details")}</summary>
          <pre>{details}</pre>
        </details>
      )}
      {fixes.length > 0 && (
        <div className={styles.fixes}>
          {fixes.map((fix) => (
            <Button key={fix.label} onClick={() => void fix.apply()}>
              {fix.label}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
