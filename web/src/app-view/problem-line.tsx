/** What is wrong, in one sentence, with what mends it. */

import { useText } from "@/i18n/language";
import { problemText } from "@/run/problem-text";
import type { NodeProblem } from "@/run/problems";
import { Button } from "@/ui/button";
import styles from "./problem-line.module.css";

/** The sentence, what was expected, and a button for the best mend where there is one. */
export function ProblemLine({ problem }: { readonly problem: NodeProblem }) {
  useText();
  const [fix] = problem.fixes;
  return (
    <span className={styles.line}>
      {problemText(problem)}
      {fix && (
        <Button size="small" onClick={() => void fix.apply()}>
          {fix.label}
        </Button>
      )}
    </span>
  );
}
