/** What is below the title of a node: sockets, widgets, and what it made. */

import { memo } from "react";
import { socketColor } from "@/catalogue/socket-types";
import type { NodeBox, SocketPlace, WidgetPlace } from "@/geometry/node-box";
import type { NodeRun } from "@/run/node-run";
import type { NodeProblem } from "@/run/problems";
import { classNames } from "@/ui/class-names";
import type { NodeItem, Scene } from "../scene";
import { MissingKind } from "./missing-kind";
import { NodeOutputs } from "./node-outputs";
import styles from "./node-view.module.css";
import { isNoteText, NoteText } from "./note-text";
import { WidgetRow } from "./widget-row";

interface NodeBodyProps {
  readonly scene: Scene;
  readonly item: NodeItem;
  readonly run: NodeRun;
}

/** The body of a node. */
export const NodeBody = memo(function NodeBody({ scene, item, run }: NodeBodyProps) {
  const { box } = item;
  return (
    <>
      {box.inputs.map((socket) => (
        <Socket key={`in ${socket.name}`} socket={socket} box={box} problems={run.problems} side="left" />
      ))}
      {box.outputs.map((socket) => (
        <Socket key={`out ${socket.slot}`} socket={socket} box={box} problems={[]} side="right" />
      ))}
      {!item.definition && !box.collapsed && <MissingKind item={item} />}
      {box.widgets.map((place) =>
        isNoteText(item) ? (
          <NoteText key={place.slot.name} {...{ scene, item, place }} />
        ) : (
          <WidgetRow
            key={`${place.slot.name} ${place.slot.kind}`}
            {...{ scene, item, place }}
            problem={problemOf(run.problems, place)}
          />
        ),
      )}
      {box.preview && <NodeOutputs {...{ item, run }} room={box.preview} />}
    </>
  );
});

const problemOf = (problems: readonly NodeProblem[], { slot }: WidgetPlace): string | undefined =>
  problems.find(({ input }) => input === slot.name && slot.sent)?.message;

interface SocketProps {
  readonly socket: SocketPlace;
  readonly box: NodeBox;
  readonly problems: readonly NodeProblem[];
  readonly side: "left" | "right";
}

/** A dot at the side, and the name beside it where no widget has it. */
function Socket({ socket, box, problems, side }: SocketProps) {
  const y = socket.y - box.y;
  const type = typeof socket.type === "string" ? socket.type : "*";
  const wrong = problems.some(({ input }) => input === socket.name);
  return (
    <>
      <span
        className={classNames(
          styles.dot,
          socket.widget && !socket.taken && styles.small,
          wrong && styles.wrongDot,
        )}
        style={{ left: socket.x - box.x, top: y, background: socketColor(type) }}
        title={`${socket.label}: ${type}`}
      />
      {!socket.widget && !box.collapsed && socket.label !== "" && (
        <span
          className={classNames(styles.label, side === "right" && styles.right, wrong && styles.wrong)}
          style={{ top: y - 11, maxWidth: side === "left" ? "62%" : "60%" }}
        >
          {socket.label}
        </span>
      )}
    </>
  );
}
