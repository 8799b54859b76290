/** The page that is shown when the editor cannot start because its server does not answer. */

import { Unplug } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import styles from "./full-page.module.css";
import { Logo } from "./logo";
import { startAgain } from "./start";

/** Seconds between two tries. */
const PAUSE = 3;

/** Says so in plain words, and tries again by itself. */
export function ServerMissing({ reason }: { readonly reason: string }) {
  const text = useText();
  const left = useCountdown(PAUSE);
  return (
    <main className={styles.page}>
      <Logo size={40} />
      <h1 className={styles.title}>
        <Unplug size={20} aria-hidden />
        {text("shell.server-missing")}
      </h1>
      <p className={styles.text}>{text("shell.server-missing-detail")}</p>
      <p className={styles.reason}>{reason}</p>
      <p className={styles.text}>
        {text(left > 0 ? "shell.retrying" : "shell.retrying-now", { seconds: left })}
      </p>
      <Button kind="primary" onClick={() => void startAgain()}>
        {text("shell.retry-now")}
      </Button>
    </main>
  );
}

/** Return the seconds until the next try, 0 during one. */
function useCountdown(pause: number): number {
  const [left, setLeft] = useState(pause);
  useEffect(() => {
    const next = () => {
      if (left > 1) setLeft(left - 1);
      else {
        setLeft(0);
        void startAgain().then(() => setLeft(pause));
      }
    };
    if (left === 0) return;
    const timer = setTimeout(next, 1000);
    return () => clearTimeout(timer);
  }, [left, pause]);
  return left;
}
