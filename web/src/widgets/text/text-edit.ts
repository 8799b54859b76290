/** Changes of a text field that its own undo knows. */

/** Replace a part of what stands in a field, as if it were typed: the field's undo takes it back. */
export function replaceText(
  field: HTMLTextAreaElement | HTMLInputElement,
  [start, end]: readonly [number, number],
  replacement: string,
): void {
  field.focus();
  field.setSelectionRange(start, end);
  // The only way to write into a field that keeps its undo; it is old, but every browser has it.
  const done = document.execCommand?.(replacement === "" ? "delete" : "insertText", false, replacement);
  if (done) return;
  field.setRangeText(replacement, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
