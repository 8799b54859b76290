/** Names of embeddings that fit what is being typed, under the text. */

import { type CSSProperties, useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import surface from "@/ui/surface.module.css";
import { searchChoices } from "../choice/choice-search";
import styles from "./embedding-list.module.css";
import { embeddingAt, embeddingNames } from "./embedding-names";
import { replaceText } from "./text-edit";

type TextElement = HTMLTextAreaElement | HTMLInputElement;

interface EmbeddingListProps {
  readonly field: TextElement;
  readonly typed: string;
  readonly onClose: () => void;
}

/** Entries that are offered at once. */
const MOST = 8;

const TAKE = 0;
/** What keys do in the list: so many entries on, or take the entry. */
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Enter: TAKE, Tab: TAKE };

/** Write a name in the place of what is typed after `embedding:`. */
function complete(field: TextElement, name: string): void {
  const part = embeddingAt(field.value, field.selectionStart ?? 0);
  if (part) replaceText(field, [part.start, part.end], name);
}

/** Return the names that the server has; closes the list where it does not answer. */
function useNames(onClose: () => void): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let shown = true;
    embeddingNames().then((all) => shown && setNames(all), onClose);
    return () => {
      shown = false;
    };
  }, [onClose]);
  return names;
}

/** Take the keys of the list before the field does, which would move its caret. */
function useListKeys(field: TextElement, found: readonly string[], onClose: () => void): number {
  const [at, setAt] = useState(0);
  const place = Math.max(0, Math.min(at, found.length - 1));
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      const name = found[place];
      if (event.ctrlKey || event.metaKey || name === undefined || step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (step !== TAKE) {
        setAt((place + step + found.length) % found.length);
        return;
      }
      complete(field, name);
      onClose();
    };
    const target: HTMLElement = field;
    target.addEventListener("keydown", press, { capture: true });
    target.addEventListener("blur", onClose);
    return () => {
      target.removeEventListener("keydown", press, { capture: true });
      target.removeEventListener("blur", onClose);
    };
  }, [field, found, place, onClose]);
  return place;
}

/** Where the list goes: under the field, or over it where there is no room. */
function placeBy(field: TextElement): CSSProperties {
  const box = field.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - 288));
  return box.bottom + 260 < innerHeight
    ? { left, top: box.bottom + 4 }
    : { left, bottom: innerHeight - box.top + 4 };
}

/** A list that is walked with the arrows while the focus stays in the text; Tab or Enter takes a name. */
export default function EmbeddingList({ field, typed, onClose }: EmbeddingListProps) {
  const text = useText();
  const names = useNames(onClose);
  const found = useMemo(() => searchChoices(names, typed).slice(0, MOST), [names, typed]);
  const place = useListKeys(field, found, onClose);
  if (found.length === 0) return null;
  return createPortal(
    <div
      className={classNames(surface.floating, styles.list)}
      role="listbox"
      aria-label={text("widgets.embeddings")}
      style={placeBy(field)}
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
            complete(field, name);
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
