/** What the server tells over the socket, by the names of ComfyUI's protocol. */

import type { JsonObject } from "@/document/records";
import type { Preview, ProgressText } from "./binary-message";

/** How far a node of a run is. Ids are paths of nodes; dotted for nodes that a node brought into the run. */
export interface NodeProgress {
  readonly value: number;
  readonly max: number;
  readonly state: "running" | "finished" | "pending" | "error";
  readonly node_id: string;
  readonly display_node_id: string;
  readonly real_node_id: string;
}

interface OfJob {
  readonly prompt_id: string;
}

/** What a node that is done has to show. */
export interface Executed extends OfJob {
  readonly node: string;
  readonly display_node: string;
  readonly output: JsonObject | null;
}

/** Why a run ended early, or why a node of it did not run. */
export interface ExecutionError extends OfJob {
  readonly node_id: string;
  readonly node_type: string;
  readonly exception_message: string;
  readonly exception_type: string;
  readonly traceback: readonly string[];
  readonly current_inputs: JsonObject | readonly never[];
  /** In milliseconds since 1970. */
  readonly timestamp?: number;
}

/** What a node cost: wall time in seconds, peak memory in bytes. */
export interface NodeReport extends OfJob {
  readonly node: string;
  readonly display_node: string;
  readonly real_node_id: string;
  readonly seconds: number;
  readonly peak_bytes: number;
  readonly cached: boolean;
  readonly blocked: boolean;
}

/** Every event there is, and what comes with it. */
export interface Events {
  status: { readonly status: { readonly exec_info: { readonly queue_remaining: number } } };
  feature_flags: JsonObject;
  execution_start: OfJob & { readonly timestamp: number };
  execution_plan: OfJob & { readonly nodes: readonly string[] };
  execution_cached: OfJob & { readonly nodes: readonly string[] };
  executing: { readonly prompt_id?: string; readonly node: string | null; readonly display_node?: string };
  progress_state: OfJob & { readonly nodes: Readonly<Record<string, NodeProgress>> };
  progress: OfJob & { readonly value: number; readonly max: number; readonly node: string };
  executed: Executed;
  execution_success: OfJob & { readonly timestamp: number };
  execution_error: ExecutionError;
  execution_interrupted: OfJob & { readonly node_id: string };
  node_report: NodeReport;
  job_progress: OfJob & { readonly percent: number; readonly seconds_left?: number };
  report: OfJob & { readonly node: string; readonly kind: string; readonly data: JsonObject };
  warning: OfJob & { readonly node: string | null; readonly message: string };
  logs: { readonly entries: readonly { readonly t: string; readonly m: string }[] };
  /** A picture of what a node is making. */
  preview: Preview;
  /** What a node says about its progress. */
  progress_text: ProgressText;
  /** The connection is there, for the first time or again; what was missed is asked for now. */
  connected: { readonly again: boolean };
}

/** The server's own events. */
export type EventName = keyof Events;
type Handler<T> = (data: T) => void;

const handlers = new Map<string, Set<Handler<never>>>();

/** Hear of an event; returns the function that ends this. Packs' own events have any other name. */
export function onEvent<K extends EventName>(type: K, handler: Handler<Events[K]>): () => void;
export function onEvent(type: string, handler: Handler<JsonObject>): () => void;
export function onEvent(type: string, handler: Handler<never>): () => void {
  const those = handlers.get(type) ?? new Set();
  handlers.set(type, those);
  those.add(handler);
  return () => those.delete(handler);
}

/** Tell an event to all who want to hear of it; one that fails keeps no other from hearing it. */
export function tell(type: string, data: unknown): void {
  for (const handler of [...(handlers.get(type) ?? [])]) {
    try {
      (handler as Handler<unknown>)(data);
    } catch (error) {
      reportError(error);
    }
  }
}
