/** A field in the place of a name that is being changed. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import styles from "./name-input.module.css";

interface NameInputProps {
  /** What it is the name of, for screen readers. */
  readonly label: string;
  /** The name that it has. */
  readonly value: string;
  readonly className?: string | undefined;
  /** Returns what is wrong with a name, null where nothing is; left out: any name will do. */
  readonly check?: (name: string) => string | null;
  /** Called once: with the new name, or with null where the old one stays. */
  readonly onDone: (name: string | null) => void;
}

/** The whole name is selected at once; Enter and leaving it take what was typed, Escape and a wrong name do not. */
export function NameInput({ label, value, className, check, onDone }: NameInputProps) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const [typed, setTyped] = useState(value);
  const wrong = check?.(typed) ?? null;
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  // A field that goes away because of a key is left, too.
  const end = (name: string | null) => {
    if (!done.current) onDone(name);
    done.current = true;
  };
  const press = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && wrong === null) end(typed);
    if (event.key === "Escape") end(null);
  };
  return (
    <>
      <input
        ref={field}
        className={className}
        aria-label={label}
        aria-invalid={wrong !== null || undefined}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={() => end(wrong === null ? typed : null)}
      />
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {wrong}
        </p>
      )}
    </>
  );
}
