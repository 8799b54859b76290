/** A title while it is typed. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import styles from "./node-view.module.css";

interface TitleInputProps {
  readonly value: string;
  /** Called with the new title, or null where typing was given up. */
  readonly onDone: (value: string | null) => void;
}

/** A field that is typed into at once; Enter and leaving it keep what was typed, Escape does not. */
export function TitleInput({ value, onDone }: TitleInputProps) {
  const text = useText();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === "Enter") onDone(event.currentTarget.value);
    if (event.key === "Escape") onDone(null);
  };
  return (
    <input
      ref={field}
      className={styles.titleInput}
      defaultValue={value}
      aria-label={text("canvas.title")}
      onKeyDown={onKeyDown}
      onBlur={(event) => onDone(event.currentTarget.value)}
    />
  );
}
