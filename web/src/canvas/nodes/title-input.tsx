/** The title of a node or a group while it is being changed. */

import { useText } from "@/i18n/language";
import { NameInput } from "@/ui/name-input";
import styles from "./node-view.module.css";

interface TitleInputProps {
  readonly value: string;
  /** Called with the new title, or null where the old one stays. */
  readonly onDone: (value: string | null) => void;
}

/** A field in the place of the title, in the type of titles. */
export function TitleInput({ value, onDone }: TitleInputProps) {
  const text = useText();
  return (
    <NameInput className={styles.titleInput} label={text("canvas.title")} value={value} onDone={onDone} />
  );
}
