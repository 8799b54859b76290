/** The page that is shown when the interface itself fails. */

import { text } from "@/i18n/language";
import { Button } from "@/ui/button";
import styles from "./full-page.module.css";
import { Logo } from "./logo";

interface AppFaultProps {
  readonly error: Error;
  readonly retry: () => void;
}

/** Nothing is lost: workflows are kept apart from what draws them. */
export function AppFault({ error, retry }: AppFaultProps) {
  return (
    <main className={styles.page}>
      <Logo size={40} />
      <h1 className={styles.title}>{text("shell.app-failed")}</h1>
      <p className={styles.text}>{text("shell.app-failed-detail")}</p>
      <pre className={styles.reason}>{error.stack ?? error.message}</pre>
      <div className={styles.buttons}>
        <Button onClick={() => location.reload()}>{text("shell.reload")}</Button>
        <Button kind="primary" onClick={retry}>
          {text("common.retry")}
        </Button>
      </div>
    </main>
  );
}
