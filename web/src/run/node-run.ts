/** How each node of each open document did in its last run. Not part of documents: undo never touches it. */

import { useCallback, useSyncExternalStore } from "react";
import { combined } from "./combined-run";
import type { OutputItem } from "./outputs";
import type { NodeProblem } from "./problems";

/** How far a node is in the last run; `blocked`: a node before it failed. */
export type NodeState = "idle" | "waiting" | "running" | "cached" | "done" | "failed" | "blocked";

/** What is known of one node. Of a subgraph's instance: of all nodes in it together. */
export interface NodeRun {
  readonly state: NodeState;
  readonly progress: { readonly value: number; readonly max: number } | null;
  /** What the node says it is doing. */
  readonly text: string | null;
  /** Address of the newest picture of what it is making; good until the next one comes. */
  readonly preview: string | null;
  /** What it showed last; kept until it shows something else. */
  readonly outputs: readonly OutputItem[];
  /** Wall time of its last run; null where it did not run. */
  readonly seconds: number | null;
  /** Most memory that it needed. */
  readonly peakBytes: number | null;
  readonly problems: readonly NodeProblem[];
}

/** What is known of a node that has not run. */
export const NOT_RUN: NodeRun = {
  state: "idle",
  progress: null,
  text: null,
  preview: null,
  outputs: [],
  seconds: null,
  peakBytes: null,
  problems: [],
};

/** The nodes of one document by path, and the paths right inside each instance of a subgraph. */
interface DocumentRuns {
  readonly nodes: Map<string, NodeRun>;
  readonly inside: Map<string, Set<string>>;
}

const documents = new Map<string, DocumentRuns>();
const watchers = new Map<string, Set<() => void>>();
const listeners = new Set<(documentId: string, path: string) => void>();
const changed = new Map<string, Set<string>>();
/** What tells the changes of this frame: the next frame, or a timer where none comes. */
let planned: { readonly frame: number; readonly timer: ReturnType<typeof setTimeout> } | null = null;
/** Frames stop in a window that is not seen, and its title still has to go on; milliseconds. */
const LONGEST_FRAME = 100;

/** Return how a node did; the same object until that changes. `path`: ids of instances and the node, joined by `:`. */
export function nodeRun(documentId: string, path: string): NodeRun {
  return documents.get(documentId)?.nodes.get(path) ?? NOT_RUN;
}

/** Return how a node did; the component is drawn anew only when that changes, at most once a frame. */
export function useNodeRun(documentId: string, path: string): NodeRun {
  const subscribe = useCallback(
    (told: () => void) => {
      const key = `${documentId} ${path}`;
      const those = watchers.get(key) ?? new Set();
      watchers.set(key, those);
      those.add(told);
      return () => {
        those.delete(told);
        if (those.size === 0 && watchers.get(key) === those) watchers.delete(key);
      };
    },
    [documentId, path],
  );
  return useSyncExternalStore(subscribe, () => nodeRun(documentId, path));
}

/** Hear of each node whose run has changed, at most once a frame; returns the function that ends this. */
export function onNodeRun(listener: (documentId: string, path: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Return all nodes of a document of which something is known, instances of subgraphs included. */
export function runsOf(documentId: string): ReadonlyMap<string, NodeRun> {
  return documents.get(documentId)?.nodes ?? new Map();
}

/** Whether a path is that of an instance of a subgraph in which something ran. */
export function isInstance(documentId: string, path: string): boolean {
  return documents.get(documentId)?.inside.has(path) ?? false;
}

/** Change what is known of a node. */
export function amendRun(documentId: string, path: string, change: Partial<NodeRun>): void {
  const runs = documents.get(documentId) ?? { nodes: new Map(), inside: new Map() };
  documents.set(documentId, runs);
  const before = runs.nodes.get(path) ?? NOT_RUN;
  if (change.preview !== undefined && change.preview !== before.preview) release(before.preview);
  runs.nodes.set(path, { ...before, ...change });
  place(runs, path);
  note(documentId, path);
}

/** Change what is known of every node of a document; instances of subgraphs follow by themselves. */
export function amendRuns(documentId: string, change: (run: NodeRun) => Partial<NodeRun> | null): void {
  const runs = documents.get(documentId);
  for (const [path, run] of [...(runs?.nodes ?? [])]) {
    if (runs?.inside.has(path)) continue;
    const changes = change(run);
    if (changes) amendRun(documentId, path, changes);
  }
}

/** Take results whose files are gone, by their addresses, from the nodes of all documents. */
export function forgetOutputs(urls: readonly string[]): void {
  const gone = new Set(urls);
  if (gone.size === 0) return;
  for (const id of documents.keys()) {
    amendRuns(id, ({ outputs }) => {
      const left = outputs.filter(({ url }) => !gone.has(url));
      return left.length < outputs.length ? { outputs: left } : null;
    });
  }
}

/** Forget a document that was closed. */
export function forgetRuns(documentId: string): void {
  for (const { preview } of documents.get(documentId)?.nodes.values() ?? []) release(preview);
  documents.delete(documentId);
  changed.delete(documentId);
}

function release(preview: string | null): void {
  if (preview?.startsWith("blob:")) URL.revokeObjectURL(preview);
}

function place(runs: DocumentRuns, path: string): void {
  const cut = path.lastIndexOf(":");
  if (cut < 0) return;
  const instance = path.slice(0, cut);
  const inside = runs.inside.get(instance) ?? new Set();
  runs.inside.set(instance, inside);
  inside.add(path);
  place(runs, instance);
}

/** Changes of one frame are told together: a run of thousands of nodes stays cheap. */
function note(documentId: string, path: string): void {
  const paths = changed.get(documentId) ?? new Set();
  changed.set(documentId, paths);
  paths.add(path);
  planned ??= { frame: requestAnimationFrame(flush), timer: setTimeout(flush, LONGEST_FRAME) };
}

function flush(): void {
  if (planned) {
    cancelAnimationFrame(planned.frame);
    clearTimeout(planned.timer);
  }
  planned = null;
  const batch = [...changed];
  changed.clear();
  for (const [documentId, paths] of batch) {
    for (const path of withInstances(documentId, paths)) {
      for (const told of [...(watchers.get(`${documentId} ${path}`) ?? [])]) told();
      for (const listener of [...listeners]) listener(documentId, path);
    }
  }
}

/** Return the paths and the instances around them, inner ones first, the latter put together anew. */
function withInstances(documentId: string, paths: ReadonlySet<string>): Iterable<string> {
  const runs = documents.get(documentId);
  const instances = new Set<string>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf(":"); cut > 0; cut = path.lastIndexOf(":", cut - 1)) {
      instances.add(path.slice(0, cut));
    }
  }
  const inward = [...instances].sort((one, other) => other.length - one.length);
  for (const instance of inward) {
    const parts = [...(runs?.inside.get(instance) ?? [])].map((path) => runs?.nodes.get(path) ?? NOT_RUN);
    runs?.nodes.set(instance, combined(parts));
  }
  return new Set([...paths, ...inward]);
}
