/** The control of a widget, on a node or on a sheet. */

import { memo, useId } from "react";
import type { NodeDefinition } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import type { FileId, Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { Field, type FieldSize } from "./field";
import { LinkedField } from "./plain/linked-field";
import { useWidgetBinding, useWidgetState, type WidgetBinding, type WidgetState } from "./widget-binding";
import { Companions } from "./widget-companions";
import { WidgetControl } from "./widget-control";

/** Which widget of which node a field sets. */
export interface WidgetFieldProps {
  readonly store: DocumentStore;
  readonly scope: Scope;
  /** Id of the node. */
  readonly node: FileId;
  readonly slot: WidgetSlot;
  /** Undefined where the kind of node is not known. */
  readonly definition: NodeDefinition | undefined;
  /** A wire comes in and its value counts. */
  readonly linked: boolean;
  readonly size: FieldSize;
  /** What is wrong with the value. */
  readonly problem?: string | undefined;
}

/** Controls that have all the width of a node: their name stands in them, or in the row above. */
const BARE: ReadonlySet<WidgetSlot["kind"]> = new Set(["multiline", "upload"]);

/** One widget with its name. It is drawn anew only when its own value, name or source changes. */
export const WidgetField = memo(function WidgetField(props: WidgetFieldProps) {
  const { store, scope, node, slot, definition, linked, size, problem } = props;
  const labelId = useId();
  const state = useWidgetState(store, scope, node, slot);
  const binding = useWidgetBinding(store, scope, node, slot);
  const hint = slot.input?.options.tooltip;
  return (
    <Field
      labelId={labelId}
      label={state.label}
      hint={typeof hint === "string" ? hint : undefined}
      size={size}
      problem={problem}
      bare={BARE.has(slot.kind) && !linked}
      frameless={slot.kind === "upload"}
    >
      {linked && slot.sent ? (
        <LinkedField source={state.source ?? ""} />
      ) : (
        <Inside {...{ store, scope, node, slot, definition, size, problem, labelId, state, binding }} />
      )}
    </Field>
  );
});

interface InsideProps extends Omit<WidgetFieldProps, "linked"> {
  readonly labelId: string;
  readonly state: WidgetState;
  readonly binding: WidgetBinding;
}

/** The control, and what stands beside it: the die of a seed, what happens to it after a run. */
function Inside({
  store,
  scope,
  node,
  slot,
  definition,
  size,
  problem,
  labelId,
  state,
  binding,
}: InsideProps) {
  const raw = store.node(scope, node)?.raw;
  const slots = raw ? widgetSlots(definition, raw) : [];
  const beside = slots.find(({ name, kind }) => kind === "control" && name === slot.name);
  const { label, value } = state;
  return (
    <>
      <WidgetControl
        {...{ store, scope, node, slot, slots, binding, value, label, labelId, size }}
        problem={problem}
      />
      {beside && slot.sent && (
        <Companions {...{ store, scope, node, slot, binding, label, size }} control={beside} />
      )}
    </>
  );
}
