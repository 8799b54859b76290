/** What stands beside a value that changes by itself after runs. */

import type { WidgetSlot } from "@/catalogue/slots";
import type { FileId, Json, Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { setValue } from "@/document/values";
import { usedValue } from "@/run/used-values";
import type { FieldSize } from "./field";
import { AfterRun, Dice } from "./number/seed-field";
import { useWidgetBinding, useWidgetState, type WidgetBinding } from "./widget-binding";

interface CompanionsProps {
  readonly store: DocumentStore;
  readonly scope: Scope;
  readonly node: FileId;
  readonly slot: WidgetSlot;
  readonly binding: WidgetBinding;
  readonly label: string;
  readonly size: FieldSize;
  /** The widget that says what happens after a run. */
  readonly control: WidgetSlot;
}

/** A die, for numbers, and the setting of what happens after a run. */
export function Companions({ store, scope, node, slot, binding, label, size, control }: CompanionsProps) {
  const after = useWidgetBinding(store, scope, node, control);
  const { value } = useWidgetState(store, scope, node, control);
  const list = slot.kind === "choice";
  const last = () => usedValue(store, scope, node, slot.name);
  const takeLast = (used: Json) =>
    store.transact("widgets.change", (tx) => {
      setValue(tx, scope, node, slot, used);
      setValue(tx, scope, node, control, "fixed");
    });
  return (
    <>
      {!list && <Dice label={label} slot={slot} binding={binding} size={size} />}
      <AfterRun {...{ label, value, size, list, last }} onUseLast={takeLast} binding={after} />
    </>
  );
}
