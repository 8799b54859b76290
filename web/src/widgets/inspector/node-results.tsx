/** How the last run of a node went: what is wrong with it, and what it showed. */

import { useText } from "@/i18n/language";
import type { NodeRun } from "@/run/node-run";
import type { OutputItem } from "@/run/outputs";
import { Button } from "@/ui/button";
import styles from "./node-results.module.css";
import { Section } from "./section";

/** The problems of a node, each with what mends it. */
export function NodeProblems({ run }: { readonly run: NodeRun }) {
  const text = useText();
  if (run.problems.length === 0) return null;
  return (
    <Section title={text("widgets.problems")}>
      <ul className={styles.problems}>
        {run.problems.map(({ id, input, message, details, fixes }) => (
          <li key={id} className={styles.problem}>
            <p className={styles.message}>{input ? `${input}: ${message}` : message}</p>
            {details && <p className={styles.details}>{details}</p>}
            {fixes.length > 0 && (
              <div className={styles.fixes}>
                {fixes.map((fix) => (
                  <Button key={fix.label} size="small" onClick={() => fix.apply()}>
                    {fix.label}
                  </Button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What a node showed when it ran last, or is showing now. */
export function NodeResults({ run }: { readonly run: NodeRun }) {
  const text = useText();
  const { preview, outputs, seconds } = run;
  if (!preview && outputs.length === 0 && seconds === null) return null;
  return (
    <Section title={text("widgets.lastRun")}>
      {seconds !== null && (
        <p className={styles.details}>{text("widgets.took", { seconds: seconds.toFixed(2) })}</p>
      )}
      {preview && <img className={styles.picture} src={preview} alt={text("widgets.preview")} />}
      {!preview && outputs.map((item, at) => <Shown key={item.url || at} item={item} />)}
    </Section>
  );
}

function Shown({ item }: { readonly item: OutputItem }) {
  const { kind, url, filename, text: words } = item;
  if (kind === "text") return <pre className={styles.text}>{words}</pre>;
  if (kind === "image") {
    return (
      <a href={url} target="_blank" rel="noreferrer">
        <img className={styles.picture} src={url} alt={filename} loading="lazy" />
      </a>
    );
  }
  if (kind === "audio") {
    // biome-ignore lint/a11y/useMediaCaption: what nodes make comes without captions
    return <audio className={styles.sound} controls src={url} aria-label={filename} />;
  }
  if (kind === "video") {
    // biome-ignore lint/a11y/useMediaCaption: what nodes make comes without captions
    return <video className={styles.picture} controls src={url} aria-label={filename} />;
  }
  return (
    <a href={url} download={filename}>
      {filename}
    </a>
  );
}
