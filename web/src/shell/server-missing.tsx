/** The page that is shown when the editor cannot start because its server does not answer. */

import { Unplug } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import styles from "./full-page.module.css";
import { Logo } from "./logo";

/** Seconds between two tries. */
const PAUSE = 3;

interface ServerMissingProps {
  /** What went wrong. */
  readonly reason: string;
  readonly retry: () => void;
}

/** Says so in plain words, and tries again by itself. */
export function ServerMissing({ reason, retry }: ServerMissingProps) {
  const text = useText();
  const left = useCountdown(PAUSE, retry);
  return (
    <main className={styles.page}>
      <Logo size={40} />
      <h1 className={styles.title}>
        <Unplug size={20} aria-hidden />
        {text("shell.server-missing")}
      </h1>
      <p className={styles.text}>{text("shell.server-missing-detail")}</p>
      <p className={styles.reason}>{reason}</p>
      <p className={styles.text} role="status">
        {text("shell.retrying", { seconds: left })}
      </p>
      <Button kind="primary" onClick={retry}>
        {text("shell.retry-now")}
      </Button>
    </main>
  );
}

function useCountdown(seconds: number, end: () => void): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setTimeout(() => (left > 1 ? setLeft(left - 1) : end()), 1000);
    return () => clearTimeout(timer);
  }, [left, end]);
  return left;
}
