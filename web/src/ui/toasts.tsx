/** Where short messages come up. */

import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "./button";
import { classNames } from "./class-names";
import { IconButton } from "./icon-button";
import { dismissToast, type ShownToast, secondsOf, useToasts } from "./toast";
import styles from "./toasts.module.css";

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert } as const;

/**
 * The messages that are shown now; screen readers say each once when it comes: the place alone is a live region,
 * since one within another is read twice. Mounted once.
 */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  const text = useText();
  return (
    <section className={styles.place} aria-label={text("common.messages")} aria-live="polite">
      {toasts.map((one) => (
        <Toast key={one.id} toast={one} />
      ))}
    </section>
  );
}

/** Take the message away after its time, but not while it is pointed at or has the focus. */
function useEnd(toast: ShownToast): { hold: () => void; release: () => void } {
  const [held, setHeld] = useState(false);
  const seconds = secondsOf(toast);
  useEffect(() => {
    if (held || seconds === 0) return;
    const timer = setTimeout(() => dismissToast(toast.id), seconds * 1000);
    return () => clearTimeout(timer);
  }, [held, seconds, toast.id]);
  return { hold: () => setHeld(true), release: () => setHeld(false) };
}

function Toast({ toast }: { readonly toast: ShownToast }) {
  const text = useText();
  const { hold, release } = useEnd(toast);
  const { kind = "info", action } = toast;
  const Icon = ICONS[kind];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers only stop the clock
    <div
      className={styles.toast}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <Icon size={18} className={classNames(styles.icon, styles[kind])} aria-hidden />
      <div className={styles.words}>
        <p className={styles.text}>{toast.text}</p>
        {toast.detail && <p className={styles.detail}>{toast.detail}</p>}
        {action && (
          <Button
            size="small"
            className={styles.action}
            onClick={() => {
              dismissToast(toast.id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      <IconButton label={text("common.close")} icon={X} size="small" onClick={() => dismissToast(toast.id)} />
    </div>
  );
}
