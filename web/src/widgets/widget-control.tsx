/** The control that fits a kind of widget. */

import { useMemo } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import type { FileId, Json, JsonObject, Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { realRule } from "@/values/real-number";
import { wholeRule } from "@/values/whole-number";
import { ChoiceField } from "./choice/choice-field";
import { MultipleChoice } from "./choice/multiple-choice";
import type { ControlProps } from "./field";
import { NumberField } from "./number/number-field";
import { ColorField } from "./plain/color-field";
import { JsonField } from "./plain/json-field";
import { ToggleField } from "./plain/toggle-field";
import { TextField } from "./text/text-field";
import { UploadField } from "./upload/upload-field";
import { fileSlot } from "./upload/upload-into";
import { useWidgetBinding, useWidgetState, type WidgetBinding } from "./widget-binding";

interface WidgetControlProps extends ControlProps {
  readonly store: DocumentStore;
  readonly scope: Scope;
  readonly node: FileId;
  readonly slot: WidgetSlot;
  /** All widgets of the node. */
  readonly slots: readonly WidgetSlot[];
  readonly binding: WidgetBinding;
  readonly value: Json;
}

const NO_OPTIONS: JsonObject = {};

/** The control of a widget by its kind. A kind that nobody taught a control is shown as JSON. */
export function WidgetControl(props: WidgetControlProps) {
  const { slot } = props;
  switch (slot.kind) {
    case "integer":
    case "number":
      return <NumberControl {...props} />;
    case "text":
    case "multiline":
      return <TextControl {...props} />;
    case "choice":
      return slot.multiple ? <MultipleChoice {...props} /> : <ChoiceField {...props} />;
    case "toggle":
      return <ToggleField {...props} />;
    case "color":
      return <ColorField {...props} />;
    case "upload":
      return <UploadControl {...props} />;
    default:
      return <JsonField {...props} />;
  }
}

function NumberControl(props: WidgetControlProps) {
  const { slot } = props;
  const options = slot.input?.options ?? NO_OPTIONS;
  const rule = useMemo(
    () => (slot.kind === "integer" ? wholeRule(options) : realRule(options)),
    [slot.kind, options],
  );
  const { display } = options;
  return <NumberField {...props} rule={rule} slider={display === "slider" || display === "gradientslider"} />;
}

function TextControl(props: WidgetControlProps) {
  const placeholder = props.slot.input?.options.placeholder;
  return (
    <TextField
      {...props}
      multiline={props.slot.kind === "multiline"}
      placeholder={typeof placeholder === "string" ? placeholder : undefined}
    />
  );
}

function UploadControl(props: WidgetControlProps) {
  const target = fileSlot(props.slots, props.slot);
  // A file that brings two buttons (to play and to choose) gets one control.
  const first = props.slots.find(({ name, kind }) => kind === "upload" && name === props.slot.name);
  return target && first === props.slot ? <UploadTarget {...props} target={target} /> : null;
}

function UploadTarget({
  store,
  scope,
  node,
  target,
  label,
  size,
}: WidgetControlProps & { readonly target: WidgetSlot }) {
  const binding = useWidgetBinding(store, scope, node, target);
  const { value } = useWidgetState(store, scope, node, target);
  return target.input ? <UploadField {...{ binding, value, label, size }} input={target.input} /> : null;
}
