/** All nodes of the sheet in running order: what is on the canvas, for keyboards, screen readers and small screens. */

import { Plus, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useCatalogue } from "@/catalogue/state";
import { removeItems, titleOf } from "@/document/nodes";
import { MODE, type NodeRecord, type RecordId } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { pathOf } from "@/editor/node-path";
import { type OpenDocument, shownScope, useRecord, useSheet } from "@/editor/session";
import { type TextKey, useText } from "@/i18n/language";
import { type NodeRun, useNodeRun } from "@/run/node-run";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { searchChoices } from "../choice/choice-search";
import styles from "./outline.module.css";
import { runningOrder } from "./running-order";
import { searchNode, showNode, takeFollow } from "./show-node";

/** Entries that are drawn at first, and that are added when the end of them comes near. */
const PORTION = 100;

/** The list of all nodes with a field that filters it. */
export function Outline({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const [query, setQuery] = useState("");
  const [shown, setShown] = useState(PORTION);
  const list = useRef<HTMLUListElement>(null);
  const order = useOrder(document, query);
  useEffect(() => {
    if (takeFollow()) list.current?.querySelector("button")?.focus();
  }, []);
  return (
    <div className={styles.outline}>
      <div className={styles.head}>
        <SearchField
          className={styles.filter}
          label={text("widgets.filter")}
          value={query}
          onChange={setQuery}
        />
        <Button icon={Plus} onClick={() => searchNode()}>
          {text("widgets.addNode")}
        </Button>
      </div>
      {order.length === 0 ? (
        <EmptyState
          icon={Search}
          title={text(query ? "widgets.noneFound" : "widgets.noNodes")}
          {...(!query && { text: text("widgets.noNodesHow") })}
        />
      ) : (
        <ul ref={list} className={styles.list} onKeyDown={(event) => walk(event, document)}>
          {order.slice(0, shown).map((id) => (
            <Entry key={id} document={document} id={id} />
          ))}
          {shown < order.length && <More key={shown} onSeen={() => setShown(shown + PORTION)} />}
        </ul>
      )}
    </div>
  );
}

/** The end of what is drawn: when it comes into sight, more is drawn. */
function More({ onSeen }: { readonly onSeen: () => void }) {
  const end = useRef<HTMLLIElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    if (!end.current) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && seen.current(), {
      rootMargin: "600px",
    });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, []);
  return <li ref={end} aria-hidden className={styles.more} />;
}

/** Return the ids of the nodes that fit a query, in running order. */
function useOrder(document: OpenDocument, query: string): readonly RecordId[] {
  const { store } = document;
  const scope = shownScope(document);
  const sheet = useSheet(store, scope);
  const catalogue = useCatalogue((state) => state.catalogue);
  const order = useMemo(() => (sheet ? runningOrder(store, sheet.scope) : []), [store, sheet]);
  return useMemo(() => {
    if (query.trim() === "") return order;
    return searchChoices(order, query, (id) => {
      const record = store.get(id);
      if (record?.kind !== "node") return "";
      const title = titleOf(record.raw, nodeDefinitionOf(store.records, catalogue, record.raw, scope));
      return `${title} ${record.raw.type} #${record.raw.id}`;
    });
  }, [order, query, store, catalogue, scope]);
}

/** The arrows go up and down the list; Delete takes a node away. */
function walk(event: KeyboardEvent<HTMLUListElement>, document: OpenDocument): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = to[event.key];
  if (next !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    buttons[Math.max(0, next)]?.focus();
  }
  const id = buttons[at]?.dataset.record;
  if ((event.key !== "Delete" && event.key !== "Backspace") || id === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  (buttons[at + 1] ?? buttons[at - 1])?.focus();
  document.store.transact("widgets.removeNode", (tx) => removeItems(tx, shownScope(document), [id]));
}

interface EntryProps {
  readonly document: OpenDocument;
  readonly id: RecordId;
}

/** One node; pressing it shows its sheet and brings it to the middle of the canvas. */
function Entry({ document, id }: EntryProps) {
  const record = useRecord(document.store, id);
  return record?.kind === "node" ? <NodeEntry document={document} id={id} node={record} /> : null;
}

function NodeEntry({ document, id, node }: EntryProps & { readonly node: NodeRecord }) {
  const text = useText();
  const catalogue = useCatalogue((state) => state.catalogue);
  const run = useNodeRun(document.id, pathOf(document, node.scope, node.raw.id));
  const definition = nodeDefinitionOf(document.store.records, catalogue, node.raw, node.scope);
  const title = titleOf(node.raw, definition);
  const state = stateOf(node, run);
  return (
    <li>
      <button type="button" className={styles.entry} data-record={id} onClick={() => showNode(id)}>
        <span className={styles.state} data-state={state} />
        <span className={styles.name}>{title}</span>
        {state !== "idle" && <span className={styles.word}>{text(STATES[state])}</span>}
        <span className={styles.id}>#{node.raw.id}</span>
      </button>
    </li>
  );
}

type EntryState = NodeRun["state"] | "muted" | "bypassed";

const STATES: Readonly<Record<EntryState, TextKey>> = {
  idle: "widgets.stateIdle",
  waiting: "widgets.stateWaiting",
  running: "widgets.stateRunning",
  cached: "widgets.stateCached",
  done: "widgets.stateDone",
  failed: "widgets.stateFailed",
  blocked: "widgets.stateBlocked",
  muted: "widgets.stateMuted",
  bypassed: "widgets.stateBypassed",
};

function stateOf({ raw }: NodeRecord, run: NodeRun): EntryState {
  if (raw.mode === MODE.muted) return "muted";
  if (raw.mode === MODE.bypassed) return "bypassed";
  return run.problems.length > 0 ? "failed" : run.state;
}
