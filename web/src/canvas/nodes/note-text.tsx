/** A note as it is meant to be read, until it is edited. */

import { type CSSProperties, useRef, useState } from "react";
import { widgetValue } from "@/document/values";
import { INSET, type WidgetPlace } from "@/geometry/node-box";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { NodeItem, Scene } from "../scene";
import { MarkdownText } from "./markdown-text";
import styles from "./node-view.module.css";
import { WidgetRow } from "./widget-row";

interface NoteTextProps {
  readonly scene: Scene;
  readonly item: NodeItem;
  readonly place: WidgetPlace;
}

/** Tell whether a widget holds the Markdown of a note. */
export const isNoteText = (item: NodeItem): boolean => item.record.raw.type === "MarkdownNote";

/** The text, set; a double click or Enter shows its source in a field. */
export function NoteText({ scene, item, place }: NoteTextProps) {
  const text = useText();
  const [editing, setEditing] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const value = widgetValue(item.record.raw, place.slot);
  const edit = () => {
    setEditing(true);
    requestAnimationFrame(() => field.current?.querySelector("textarea")?.focus());
  };
  if (editing || value === "" || value === null) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that its field was left
      <div ref={field} onBlur={() => setEditing(false)}>
        <WidgetRow scene={scene} item={item} place={place} problem={undefined} />
      </div>
    );
  }
  const style: CSSProperties = { left: INSET, right: INSET, top: place.y - item.box.y, height: place.height };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is read, scrolled, and edited from here
      tabIndex={0}
      className={classNames(styles.note, "nowheel")}
      style={style}
      aria-label={text("canvas.editNote")}
      onDoubleClick={edit}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        edit();
      }}
    >
      <MarkdownText text={String(value)} />
    </div>
  );
}
