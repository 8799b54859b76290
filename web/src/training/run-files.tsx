/** Where a run is, and the weights that it has written. */

import { Download } from "lucide-react";
import { useText } from "@/i18n/language";
import styles from "./run-files.module.css";
import { type Result, resultUrl, type TrainingRun } from "./runs";

/** The folder of a run, and its weights to download. */
export function RunFiles({ run }: { readonly run: TrainingRun }) {
  const text = useText();
  return (
    <section className={styles.section} aria-label={text("training.files")}>
      <dl className={styles.facts}>
        <dt>{text("training.identity")}</dt>
        <dd>
          <code>runs/{run.name}</code>
        </dd>
      </dl>
      <h3 className={styles.title}>{text("training.files")}</h3>
      {run.results.length === 0 ? (
        <p className={styles.none}>{text("training.files-none")}</p>
      ) : (
        <ul className={styles.files}>
          {run.results.toReversed().map((result) => (
            <File key={result.file} run={run.name} result={result} />
          ))}
        </ul>
      )}
    </section>
  );
}

function File({ run, result }: { readonly run: string; readonly result: Result }) {
  const text = useText();
  const { file, step, weights, bytes } = result;
  return (
    <li>
      <a className={styles.file} href={resultUrl(run, file)} download={`${run}-${file}`}>
        <Download size={16} aria-hidden />
        <span>
          {text("training.at-step", { step })}, {text(weights === "ema" ? "training.ema" : "training.raw")}
        </span>
        <span className={styles.size}>{(bytes / 1e6).toFixed(1)} MB</span>
      </a>
    </li>
  );
}
