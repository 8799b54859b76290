/**
 * All that is on the sheet as a list that is heard, not seen. Of the nodes that are painted, whatever the zoom,
 * only few are elements of the page; screen readers walk through this list instead.
 */

import { type MouseEvent, memo, useEffect, useMemo, useState } from "react";
import { titleOf } from "@/document/nodes";
import type { RecordId } from "@/document/records";
import { pathOf } from "@/editor/node-path";
import { type OpenDocument, shownScope, useRecord, useSheet } from "@/editor/session";
import { useText } from "@/i18n/language";
import { useNodeRun } from "@/run/node-run";
import { runningOrder } from "@/widgets/inspector/running-order";
import { focusNode } from "../camera";
import type { Scene } from "../scene";
import { whenIdle } from "../when-idle";
import { nodeLabel } from "./node-label";
import { thingLabel, wiresOf } from "./node-words";
import styles from "./reading-list.module.css";

/** Entries that are drawn at a time. */
const PORTION = 40;

interface ReadingListProps {
  readonly document: OpenDocument;
  readonly scene: Scene;
}

/** Nodes in running order, each with its state and its wires, then reroutes and groups. */
export default function ReadingList({ document, scene }: ReadingListProps) {
  const text = useText();
  const { store } = document;
  const sheet = useSheet(store, shownScope(document));
  const nodes = useMemo(() => (sheet ? runningOrder(store, sheet.scope) : []), [store, sheet]);
  const shown = useGrowing(nodes.length);
  const names = useNames(scene);
  const path = pathOf(document, scene.scope, "");
  return (
    <section className={styles.list} aria-label={text("canvas.outline")}>
      <ul>
        {nodes.slice(0, shown).map((id) => (
          <NodeEntry key={id} scene={scene} id={id} documentId={document.id} around={path} names={names} />
        ))}
        {shown >= nodes.length &&
          [...(sheet?.reroutes ?? []), ...(sheet?.groups ?? [])].map((id) => (
            <ThingEntry key={id} scene={scene} id={id} />
          ))}
      </ul>
    </section>
  );
}

/** Return how many of a number of entries are drawn: a portion more whenever there is nothing else to do. */
function useGrowing(count: number): number {
  const [shown, setShown] = useState(PORTION);
  useEffect(() => (shown < count ? whenIdle(() => setShown(shown + PORTION)) : undefined), [shown, count]);
  return shown;
}

/** Return a number that changes when a node on the sheet gets another name, by which others know it. */
function useNames(scene: Scene): number {
  const [version, setVersion] = useState(0);
  useEffect(
    () =>
      scene.store.subscribe((diff) => {
        const renamed = [...diff.values()].some(
          ({ before, after }) =>
            before?.kind === "node" && after?.kind === "node" && titleOf(before.raw) !== titleOf(after.raw),
        );
        if (renamed) setVersion((now) => now + 1);
      }),
    [scene],
  );
  return version;
}

interface NodeEntryProps {
  readonly scene: Scene;
  readonly id: RecordId;
  readonly documentId: string;
  /** Path of the sheet, to which the id of a node is added. */
  readonly around: string;
  /** Changes with the names of other nodes. */
  readonly names: number;
}

const NodeEntry = memo(function NodeEntry({ scene, id, documentId, around }: NodeEntryProps) {
  const text = useText();
  const record = useRecord(scene.store, id);
  const own = record?.kind === "node" ? record.raw.id : "";
  const run = useNodeRun(documentId, `${around}${own}`);
  const item = scene.nodes.get(id);
  if (!item) return null;
  const wires = wiresOf(scene, item, text).join("; ");
  return (
    <li>
      <GoTo id={id}>{nodeLabel(item, run, false, text)}</GoTo>
      {wires && <span>{wires}</span>}
    </li>
  );
});

/** A reroute or a group: which of its parts matter may change with any other record, so it is drawn anew with the list. */
function ThingEntry({ scene, id }: Pick<NodeEntryProps, "scene" | "id">) {
  const text = useText();
  useRecord(scene.store, id);
  if (!scene.rectOf(id)) return null;
  return (
    <li>
      <GoTo id={id}>{thingLabel(scene, id, text)}</GoTo>
    </li>
  );
}

/** The way from the list to the thing itself. The Tab key passes it by: it comes to the canvas anyhow. */
function GoTo({ id, children }: { readonly id: RecordId; readonly children: string }) {
  const go = (event: MouseEvent) => {
    event.preventDefault();
    focusNode(id);
  };
  return (
    // biome-ignore lint/a11y/useValidAnchor: it leads to a place on this page; the handler finds the very node there
    <a href="#canvas" tabIndex={-1} onClick={go}>
      {children}
    </a>
  );
}
