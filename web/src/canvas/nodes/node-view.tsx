/** A node as elements of the page: what can be read, focused and typed into. */

import { type CSSProperties, memo, useCallback, useSyncExternalStore } from "react";
import { MODE, type NodeRecord, type Point } from "@/document/records";
import type { NodeBox } from "@/geometry/node-box";
import { useText } from "@/i18n/language";
import { type NodeRun, useNodeRun } from "@/run/node-run";
import { classNames } from "@/ui/class-names";
import { useCanvasState } from "../canvas-state";
import { nodeColors } from "../node-colors";
import type { NodeItem, Scene } from "../scene";
import { useTheme } from "../theme-colors";
import { NodeBody } from "./node-body";
import { nodeLabel } from "./node-label";
import { NodeRunMarks } from "./node-run-marks";
import { NodeTitle } from "./node-title";
import styles from "./node-view.module.css";
import { wiresOf } from "./node-words";

interface NodeViewProps {
  readonly documentId: string;
  readonly scene: Scene;
  readonly id: string;
  /** By which runs name the node: ids of the subgraphs around it and its own. */
  readonly path: string;
  readonly selected: boolean;
  /** Whether Tab comes to this node. */
  readonly reached: boolean;
  /** Whether only its focus ring is seen: the node itself is painted. */
  readonly ghost: boolean;
}

/** Return a node as it is laid out, drawn anew when it changes. */
function useItem(scene: Scene, id: string): NodeItem | undefined {
  const subscribe = useCallback((changed: () => void) => scene.subscribe(changed), [scene]);
  return useSyncExternalStore(subscribe, () => scene.nodes.get(id));
}

/** Return what the wires of the node that the keyboard comes to join; nothing of the others, to spare the work. */
function useWires(scene: Scene, item: NodeItem | undefined, reached: boolean): string | undefined {
  const text = useText();
  const subscribe = useCallback((changed: () => void) => scene.subscribe(changed), [scene]);
  const wires = () => (item && reached ? wiresOf(scene, item, text).join("; ") : undefined);
  return useSyncExternalStore(subscribe, wires) || undefined;
}

const NOWHERE: Point = [0, 0];

/** A node that is mounted. It is drawn anew when it, its run or its place changes. */
export const NodeView = memo(function NodeView({
  documentId,
  scene,
  id,
  path,
  selected,
  reached,
  ghost,
}: NodeViewProps) {
  const item = useItem(scene, id);
  const offset = useCanvasState(({ drag }) => (drag?.ids.has(id) ? drag.offset : NOWHERE));
  const run = useNodeRun(documentId, path);
  const wires = useWires(scene, item, reached);
  if (!item) return null;
  return (
    <NodeFrame
      {...{ item, run, wires, selected, reached, ghost }}
      dragged={offset !== NOWHERE}
      x={item.box.x + offset[0]}
      y={item.box.y + offset[1]}
    >
      <NodeContent {...{ scene, item, run }} />
    </NodeFrame>
  );
});

interface NodeFrameProps {
  readonly item: NodeItem;
  readonly run: NodeRun;
  /** What its wires join, in words. */
  readonly wires: string | undefined;
  readonly selected: boolean;
  readonly reached: boolean;
  readonly ghost: boolean;
  /** Whether it is being moved: then it is a picture of its own, whose moving costs no painting. */
  readonly dragged: boolean;
  readonly x: number;
  readonly y: number;
  readonly children: React.ReactNode;
}

function frameStyle(box: NodeBox, x: number, y: number): CSSProperties {
  return { transform: `translate(${x}px, ${y}px)`, width: box.width, height: box.height };
}

const modeClass = ({ raw }: NodeRecord): string | undefined =>
  raw.mode === MODE.muted ? styles.muted : raw.mode === MODE.bypassed ? styles.bypassed : undefined;

function NodeFrame(props: NodeFrameProps) {
  const { item, run, wires, selected, reached, ghost, dragged, x, y, children } = props;
  const text = useText();
  const theme = useTheme();
  const colors = nodeColors(item.record.raw, item.definition, theme);
  const tint = { "--header": colors.header, "--body": colors.body, "--title": colors.title } as CSSProperties;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be placed freely, and is no thing to be moved
    <div
      role="group"
      aria-label={nodeLabel(item, run, selected, text)}
      aria-description={wires}
      tabIndex={reached ? 0 : -1}
      data-node={item.id}
      data-id={item.record.raw.id}
      data-selected={selected || undefined}
      data-state={run.problems.length > 0 ? "failed" : run.state}
      className={classNames(
        styles.node,
        selected && styles.selected,
        ghost && styles.ghost,
        !item.definition && styles.unknown,
        item.box.title === 0 && styles.reroute,
        item.box.collapsed && styles.collapsed,
        modeClass(item.record),
      )}
      style={{ ...frameStyle(item.box, x, y), ...tint, ...(dragged && { willChange: "transform" }) }}
    >
      {children}
    </div>
  );
}

interface NodeContentProps {
  readonly scene: Scene;
  readonly item: NodeItem;
  readonly run: NodeRun;
}

const NodeContent = memo(function NodeContent({ scene, item, run }: NodeContentProps) {
  return (
    <>
      {item.box.title > 0 && <NodeTitle {...{ scene, item }} />}
      <NodeBody {...{ scene, item, run }} />
      <NodeRunMarks run={run} />
    </>
  );
});
