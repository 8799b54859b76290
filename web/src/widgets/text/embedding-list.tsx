/** Names of embeddings that fit what is being typed, under the text. */

import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useText } from "@/i18n/language";
import { searchChoices } from "../choice/choice-search";
import styles from "./embedding-list.module.css";
import { embeddingAt, embeddingNames } from "./embedding-names";
import { replaceText } from "./text-edit";

interface EmbeddingListProps {
  readonly field: HTMLTextAreaElement | HTMLInputElement;
  readonly typed: string;
  readonly onClose: () => void;
}

/** Entries that are offered at once. */
const MOST = 8;

const TAKE = 0;
/** What keys do in the list: so many entries on, or take the entry. */
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Enter: TAKE, Tab: TAKE };

/** A list that is walked with the arrows while the focus stays in the text; Tab or Enter takes a name. */
export default function EmbeddingList({ field, typed, onClose }: EmbeddingListProps) {
  const text = useText();
  const [names, setNames] = useState<readonly string[]>([]);
  const [at, setAt] = useState(0);
  useEffect(() => {
    let shown = true;
    embeddingNames().then((all) => shown && setNames(all), onClose);
    return () => {
      shown = false;
    };
  }, [onClose]);
  const found = searchChoices(names, typed).slice(0, MOST);
  const place = Math.min(at, found.length - 1);

  useEffect(() => {
    const take = (name: string) => {
      const part = embeddingAt(field.value, field.selectionStart ?? 0);
      if (part) replaceText(field, [part.start, part.end], name);
      onClose();
    };
    const press = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      const name = found[place];
      if (event.ctrlKey || event.metaKey || name === undefined || step === undefined) return;
      if (step === TAKE) take(name);
      else setAt((place + step + found.length) % found.length);
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the field's own handler, which would move the caret.
    const target: HTMLElement = field;
    target.addEventListener("keydown", press, { capture: true });
    field.addEventListener("blur", onClose);
    return () => {
      target.removeEventListener("keydown", press, { capture: true });
      field.removeEventListener("blur", onClose);
    };
  });

  if (found.length === 0) return null;
  const box = field.getBoundingClientRect();
  const below = box.bottom + 260 < innerHeight;
  return createPortal(
    <div
      className={styles.list}
      role="listbox"
      aria-label={text("widgets.embeddings")}
      style={{
        left: Math.max(8, Math.min(box.left, innerWidth - 288)),
        ...(below ? { top: box.bottom + 4 } : { bottom: innerHeight - box.top + 4 }),
      }}
    >
      {found.map((name, index) => (
        <div
          key={name}
          role="option"
          tabIndex={-1}
          aria-selected={index === place}
          className={styles.entry}
          onPointerDown={(event) => {
            event.preventDefault();
            const part = embeddingAt(field.value, field.selectionStart ?? 0);
            if (part) replaceText(field, [part.start, part.end], name);
            onClose();
          }}
        >
          {name}
        </div>
      ))}
      <div aria-live="polite" className="sr-only">
        {found[place]}
      </div>
    </div>,
    document.body,
  );
}
