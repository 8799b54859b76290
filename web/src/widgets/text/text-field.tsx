/** A text of one row or several. */

import { type KeyboardEvent, lazy, Suspense, useCallback, useState } from "react";
import type { Json } from "@/document/records";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import { embeddingAt } from "./embedding-names";
import { editPrompt } from "./prompt-keys";
import styles from "./text-field.module.css";

const EmbeddingList = lazy(() => import("./embedding-list"));

/** The element that a text is typed into: of one line, or of several. */
export type TextElement = HTMLTextAreaElement | HTMLInputElement;

interface TextFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly multiline: boolean;
  readonly placeholder: string | undefined;
}

/** Keys that are for the whole page even while a text is being written: run, save, open, palette, with Ctrl. */
const PAGE_KEYS = /^(Enter|s|o|k|p)$/;

/**
 * Whether a key is not the text's. Undo of what was just typed is the field's own; before anything was typed
 * it is the document's.
 */
function isForPage({ key, ctrlKey, metaKey }: KeyboardEvent, changed: boolean): boolean {
  if (/^F\d+$/.test(key)) return true;
  return (ctrlKey || metaKey) && (PAGE_KEYS.test(key) || (/^[zy]$/i.test(key) && !changed));
}

/** The name of an embedding that is being typed. */
interface Completing {
  readonly field: TextElement;
  readonly typed: string;
}

function completingIn(field: TextElement): Completing | null {
  const found = embeddingAt(field.value, field.selectionStart ?? 0);
  return found ? { field, typed: found.typed } : null;
}

/** The control of a STRING widget. */
export function TextField(props: TextFieldProps) {
  const { binding, value, multiline, placeholder, label, labelId, size, problem } = props;
  const [completing, setCompleting] = useState<Completing | null>(null);
  const [changed, setChanged] = useState(false);
  const close = useCallback(() => setCompleting(null), []);
  const change = ({ currentTarget }: { readonly currentTarget: TextElement }) => {
    binding.type(currentTarget.value);
    setChanged(true);
    setCompleting(completingIn(currentTarget));
  };
  const keys = (event: KeyboardEvent<TextElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (editPrompt(event)) event.preventDefault();
    if (event.key === "Escape") {
      if (!completing) event.currentTarget.blur();
      close();
    }
    if (!isForPage(event, changed)) event.stopPropagation();
  };
  const shared = {
    className: classNames(
      multiline ? styles.area : styles.line,
      "nodrag nopan",
      size === "sheet" && styles.large,
    ),
    value: typeof value === "string" ? value : value === null ? "" : String(value),
    placeholder: placeholder ?? (size === "node" && multiline ? label : undefined),
    "aria-labelledby": labelId,
    "aria-invalid": problem ? true : undefined,
    spellCheck: false,
    autoComplete: "off",
    autoCapitalize: "off",
    onChange: change,
    onKeyDown: keys,
    onPaste: stop,
    onCopy: stop,
    onCut: stop,
    onBlur: () => {
      binding.settle();
      setChanged(false);
    },
  } as const;
  return (
    <>
      {multiline ? (
        <textarea {...shared} onFocus={({ currentTarget }) => ownWheel(currentTarget)} />
      ) : (
        <input type="text" {...shared} />
      )}
      {completing && (
        <Suspense fallback={null}>
          <EmbeddingList {...completing} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** Clipboard events of a text are not those of the canvas. */
const stop = (event: { stopPropagation(): void }) => event.stopPropagation();

/** A text that has the focus and more rows than fit scrolls; the canvas does not zoom then. */
function ownWheel(area: HTMLTextAreaElement): void {
  const scroll = (event: WheelEvent) => {
    if (!event.ctrlKey && area.scrollHeight > area.clientHeight) event.stopPropagation();
  };
  area.addEventListener("wheel", scroll, { passive: true });
  area.addEventListener("blur", () => area.removeEventListener("wheel", scroll), { once: true });
}
