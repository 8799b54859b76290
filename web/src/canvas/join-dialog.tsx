/** Joins sockets by keyboard: a list of a node's sockets, then one of what each can be joined to. */

import { Command, defaultFilter } from "cmdk";
import { useState } from "react";
import { titleOf } from "@/document/nodes";
import { useText } from "@/i18n/language";
import { announce } from "@/ui/announce";
import { Dialog } from "@/ui/dialog";
import { focusNode } from "./camera";
import { canvasState, type SocketRef, setCanvasState } from "./canvas-state";
import { rerouteHalfway } from "./editing";
import { socketRef } from "./hit";
import styles from "./join-dialog.module.css";
import { cut, join, targetsOf, wireInto } from "./joining";
import { openNodeSearch } from "./node-search";
import type { NodeItem, Scene } from "./scene";

/** Values of the entries that are there whatever is typed, below all that fits. */
const CUT = "disconnect";
const REROUTE = "reroute";
const NEW = "add node";

/** What fits comes first; the other entries are found by their words, and stay below it whatever is typed. */
function ranked(value: string, search: string, keywords?: string[]): number {
  if (value !== CUT && value !== REROUTE && value !== NEW) return defaultFilter(value, search);
  return Math.max(defaultFilter(keywords?.join(" ") ?? "", search) / 2, Number.MIN_VALUE);
}

/** Shown for the node that `joining` names. */
export default function JoinDialog({ scene }: { readonly scene: Scene }) {
  const text = useText();
  const [from, setFrom] = useState<SocketRef | null>(null);
  const item = scene.nodes.get(canvasState().joining ?? "");
  if (!item) return null;
  const title = titleOf(item.record.raw, item.definition);
  const close = () => setCanvasState({ joining: null });
  return (
    <Dialog
      open
      size="small"
      onOpenChange={(open) => !open && close()}
      title={from ? text("canvas.joinTo", { socket: from.name }) : text("canvas.joinFrom", { title })}
    >
      <Command
        key={from?.name ?? ""}
        label={text("canvas.connect")}
        className={styles.command}
        filter={ranked}
      >
        {/* The dialog gives the focus to the first list itself, and back to the node in the end. */}
        <Command.Input
          className={styles.input}
          placeholder={text("canvas.joinSearch")}
          autoFocus={from !== null}
        />
        <Command.List className={styles.list}>
          <Command.Empty className={styles.empty}>{text("canvas.joinNothing")}</Command.Empty>
          {from ? <Targets {...{ scene, from, close }} /> : <Sockets item={item} onPick={setFrom} />}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function socketsOf(item: NodeItem): SocketRef[] {
  const side = (name: "input" | "output", count: number) =>
    Array.from({ length: count }, (_, at) => socketRef(item, name, at)).filter((one) => one !== undefined);
  return [...side("output", item.box.outputs.length), ...side("input", item.box.inputs.length)];
}

interface SocketsProps {
  readonly item: NodeItem;
  readonly onPick: (socket: SocketRef) => void;
}

function Sockets({ item, onPick }: SocketsProps) {
  const text = useText();
  return socketsOf(item).map((socket) => (
    <Command.Item
      key={`${socket.side} ${socket.name} ${socket.slot}`}
      value={`${socket.side} ${socket.name} ${socket.slot}`}
      className={styles.item}
      onSelect={() => onPick(socket)}
    >
      <span>{socket.name}</span>
      <span className={styles.side}>
        {text(socket.side === "output" ? "canvas.output" : "canvas.input")} · {String(socket.type)}
      </span>
    </Command.Item>
  ));
}

interface TargetsProps {
  readonly scene: Scene;
  readonly from: SocketRef;
  readonly close: () => void;
}

function Targets({ scene, from, close }: TargetsProps) {
  const text = useText();
  const nameOf = (socket: SocketRef) => {
    const item = scene.node(socket.node);
    if (item) return titleOf(item.record.raw, item.definition);
    return text(socket.side === "output" ? "canvas.inputs" : "canvas.outputs");
  };
  const joined = from.side === "input" ? wireInto(scene, from) : undefined;
  const connect = (socket: SocketRef) => {
    scene.store.transact("canvas.connect", (tx) => join(tx, scene, from, socket));
    announce(text("canvas.joined", { from: from.name, title: nameOf(socket), to: socket.name }));
    close();
  };
  const disconnect = () => {
    if (joined) scene.store.transact("canvas.disconnect", (tx) => cut(tx, scene, [joined.id]));
    close();
  };
  const reroute = () => {
    const point = joined && rerouteHalfway(scene, joined.id);
    close();
    // The dialog gives the focus back first.
    if (point) setTimeout(() => focusNode(point));
  };
  const add = () => {
    setCanvasState({ joining: null });
    const box = scene.node(from.node)?.box;
    const x = box ? (from.side === "output" ? box.x + box.width + 60 : box.x - 60) : 0;
    openNodeSearch({ position: [x, box?.y ?? 0], from });
  };
  return (
    <>
      {targetsOf(scene, from).map(({ socket }) => (
        <Command.Item
          key={`${socket.node} ${socket.name} ${socket.slot}`}
          value={`${nameOf(socket)} ${socket.name} ${socket.node} ${socket.slot}`}
          className={styles.item}
          onSelect={() => connect(socket)}
        >
          <span>
            {nameOf(socket)} › {socket.name || text("canvas.newSocket")}
          </span>
          <span className={styles.side}>#{socket.node}</span>
        </Command.Item>
      ))}
      <Extra value={NEW} label={text("canvas.joinNew")} onSelect={add} />
      {joined && <Extra value={REROUTE} label={text("canvas.addReroute")} onSelect={reroute} />}
      {joined && <Extra value={CUT} label={text("canvas.disconnect")} onSelect={disconnect} />}
    </>
  );
}

interface ExtraProps {
  readonly value: string;
  readonly label: string;
  readonly onSelect: () => void;
}

/** An entry that is no socket. */
function Extra({ value, label, onSelect }: ExtraProps) {
  return (
    <Command.Item value={value} keywords={[label]} className={styles.item} onSelect={onSelect}>
      {label}
    </Command.Item>
  );
}
