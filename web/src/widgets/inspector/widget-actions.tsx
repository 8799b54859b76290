/** What else can be done with a widget: wire it, set it back, show it outside its subgraph. */

import { AppWindow, EllipsisVertical, Grid3x3, RotateCcw, Spline, SquareArrowOutUpRight } from "lucide-react";
import { useRef, useState } from "react";
import { defaultOf, type WidgetSlot } from "@/catalogue/slots";
import type { InputSocket } from "@/catalogue/sockets";
import { demoteWidget, promoteWidget, promotionOf } from "@/document/promoted-widgets";
import { type NodeRecord, ROOT } from "@/document/records";
import { setValue } from "@/document/values";
import { isPromoted, togglePromoted } from "@/editor/app-choice";
import { pathOf } from "@/editor/node-path";
import { activeDocument } from "@/editor/session";
import { addAxis } from "@/editor/sweep-axes";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu, type MenuEntry } from "@/ui/menu";
import { WireList } from "./wire-button";
import { addBefore, joinInput } from "./wire-changes";
import { fittingKinds, fittingOutputs, type Place } from "./wire-ends";

interface WidgetActionsProps {
  readonly place: Place;
  readonly node: NodeRecord;
  readonly slot: WidgetSlot;
  /** The socket of the widget; undefined where nothing can be joined to it. */
  readonly socket: InputSocket | undefined;
  readonly onAdded: (node: NodeRecord) => void;
}

/** The menu of a widget. */
export function WidgetActions({ place, node, slot, socket, onAdded }: WidgetActionsProps) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [wiring, setWiring] = useState(false);
  const label = socket?.label ?? slot.name;
  const connect: MenuEntry = {
    label: text("widgets.connectMenu"),
    icon: Spline,
    onSelect: () => setWiring(true),
  };
  const entries = () => [
    ...(socket ? [connect] : []),
    resetEntry(text, place, node, slot),
    ...appEntries(text, place, node, slot),
    ...(place.scope === ROOT ? [] : [promoteEntry(text, place, node, slot)]),
  ];
  return (
    <>
      <Menu entries={entries} align="end">
        <IconButton
          ref={button}
          label={text("widgets.actions", { name: label })}
          icon={EllipsisVertical}
          size="small"
        />
      </Menu>
      {wiring && socket && button.current && (
        <WireList
          label={text("widgets.connectFrom", { name: label, what: text("widgets.notConnected") })}
          anchor={button.current}
          ends={() => fittingOutputs(place, node, socket.type)}
          kinds={() => fittingKinds(place.catalogue, socket.type, "input")}
          onJoin={(end) => joinInput(place, node, socket.name, end)}
          onAdd={(kind) => onAdded(addBefore(place, node, socket.name, socket.type, kind))}
          onClose={() => setWiring(false)}
        />
      )}
    </>
  );
}

type Text = ReturnType<typeof useText>;

function resetEntry(text: Text, { store, scope }: Place, { raw }: NodeRecord, slot: WidgetSlot): MenuEntry {
  return {
    label: text("widgets.reset"),
    icon: RotateCcw,
    onSelect: () =>
      store.transact("widgets.change", (tx) => setValue(tx, scope, raw.id, slot, defaultOf(slot))),
  };
}

/** The app has the widgets of nodes as they run: each by the path of its node. */
function appEntries(text: Text, place: Place, { raw }: NodeRecord, { name }: WidgetSlot): MenuEntry[] {
  const document = activeDocument();
  if (document?.store !== place.store) return [];
  const path = pathOf(document, place.scope, raw.id);
  return [
    {
      label: text("widgets.inApp"),
      icon: AppWindow,
      checked: isPromoted(place.store.records, path, name),
      onSelect: () => togglePromoted(document, path, name),
    },
    { label: text("sweep.over"), icon: Grid3x3, onSelect: () => addAxis(document.id, path, name) },
  ];
}

function promoteEntry(text: Text, place: Place, node: NodeRecord, { name }: WidgetSlot): MenuEntry {
  const { store, scope, catalogue } = place;
  const promoted = promotionOf(store.records, node, name) !== undefined;
  const change = promoted ? demoteWidget : promoteWidget;
  return {
    label: text("widgets.promote"),
    icon: SquareArrowOutUpRight,
    checked: promoted,
    onSelect: () =>
      store.transact("widgets.promote", (tx) => change(tx, scope, node.raw.id, name, catalogue)),
  };
}
