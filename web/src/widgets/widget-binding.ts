/** Ties a widget on the screen to its value in a document. */

import { useMemo, useRef, useSyncExternalStore } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { titleOf } from "@/document/nodes";
import { setSharedValue } from "@/document/primitives";
import { type FileId, type Json, linkId, nodeId, type RawNode, type Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import type { Transaction } from "@/document/transaction";
import { widgetValue } from "@/document/values";

/** A change of a value that goes on while a pointer is held down. */
export interface ValueDrag {
  move(value: Json): void;
  /** Keep the last value, as one step of undo. */
  end(): void;
  /** Put the value back to what it was. */
  cancel(): void;
}

/** Writes the value of one widget. */
export interface WidgetBinding {
  /** Return the value as it is now. */
  get(): Json;
  /** Change the value; a step of undo of its own. */
  set(value: Json): void;
  /** Change the value while a field is edited: all until `settle` are one step of undo. */
  type(value: Json): void;
  /** End what `type` began. */
  settle(): void;
  drag(): ValueDrag;
}

let edits = 0;

/** Return what writes the value of a widget of a node. */
export function bindWidget(
  store: DocumentStore,
  scope: Scope,
  node: FileId,
  slot: WidgetSlot,
): WidgetBinding {
  let edit = ++edits;
  const key = () => `widget:${nodeId(scope, node)}:${slot.name}:${edit}`;
  const get = (): Json => {
    const record = store.node(scope, node);
    return record ? widgetValue(record.raw, slot) : null;
  };
  const change = (tx: Transaction, value: Json) =>
    setSharedValue(tx, { scope, id: node, slot }, value, useCatalogue.getState().catalogue);
  const write = (value: Json, merge: string) => {
    if (get() !== value) store.transact("widgets.change", (tx) => change(tx, value), merge);
  };
  return {
    get,
    set: (value) => write(value, ""),
    type: (value) => write(value, key()),
    settle: () => {
      edit = ++edits;
    },
    drag: () => {
      const gesture = store.gesture("widgets.change");
      return {
        move: (value) => {
          if (get() !== value) gesture.update((tx) => change(tx, value));
        },
        end: () => gesture.commit(),
        cancel: () => gesture.cancel(),
      };
    },
  };
}

/** What a widget shows. */
export interface WidgetState {
  readonly value: Json;
  /** What it is called on this node. */
  readonly label: string;
  /** Title of the node whose output sets the value instead; undefined where no wire comes in. */
  readonly source: string | undefined;
}

/** Return the title of the node that a wire into the widget's socket comes from. */
function sourceOf(store: DocumentStore, scope: Scope, raw: RawNode, name: string): string | undefined {
  const input = raw.inputs?.find(({ widget }) => widget?.name === name);
  if (input?.link === undefined || input.link === null) return undefined;
  const link = store.get(linkId(scope, input.link));
  const origin = link?.kind === "link" ? store.node(scope, link.origin) : undefined;
  if (!origin) return "";
  return titleOf(origin.raw, useCatalogue.getState().catalogue.get(origin.raw.type));
}

function stateOf(
  store: DocumentStore,
  scope: Scope,
  raw: RawNode | undefined,
  slot: WidgetSlot,
): WidgetState {
  if (!raw) return { value: null, label: slot.name, source: undefined };
  const input = raw.inputs?.find(({ widget }) => widget?.name === slot.name);
  return {
    value: widgetValue(raw, slot),
    label: input?.label || slot.name,
    source: sourceOf(store, scope, raw, slot.name),
  };
}

/** Return what a widget shows; drawn anew only when that changes, not with every change of its node. */
export function useWidgetState(
  store: DocumentStore,
  scope: Scope,
  node: FileId,
  slot: WidgetSlot,
): WidgetState {
  const kept = useRef<{ raw: RawNode | undefined; slot: WidgetSlot; state: WidgetState } | null>(null);
  const read = () => {
    const raw = store.node(scope, node)?.raw;
    const before = kept.current;
    if (before && before.raw === raw && before.slot === slot) return before.state;
    const state = stateOf(store, scope, raw, slot);
    const same =
      before?.state.value === state.value &&
      before.state.label === state.label &&
      before.state.source === state.source;
    kept.current = { raw, slot, state: same && before ? before.state : state };
    return kept.current.state;
  };
  return useSyncExternalStore((changed) => store.watch(nodeId(scope, node), changed), read);
}

/** Return what writes the value of a widget; the same object as long as it is the same widget. */
export function useWidgetBinding(
  store: DocumentStore,
  scope: Scope,
  node: FileId,
  slot: WidgetSlot,
): WidgetBinding {
  return useMemo(() => bindWidget(store, scope, node, slot), [store, scope, node, slot]);
}
