/** What is wrong with a workflow, as the server found it. */

import type { Json } from "@/document/records";

/** Something that mends a problem. */
export interface Fix {
  /** What it does, in a few words: "Use euler". */
  readonly label: string;
  /** Does it; as a step of undo where it changes the document. */
  apply(): void | Promise<void>;
}

/** Something that is wrong with a node, or with the workflow where `path` is empty. */
export interface NodeProblem {
  /** Identifies it among the problems of its document. */
  readonly id: string;
  /** Ids of subgraph instances and the node, joined by `:`. */
  readonly path: string;
  /** Name of the input that it is about. */
  readonly input?: string;
  /** The server's name for it, such as `value_not_in_list`; of failures at run time the exception's. */
  readonly type: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** More of it, for people who look closer: a traceback, a list. May be empty. */
  readonly details: string;
  readonly received?: string;
  readonly expected?: string;
  /** What else the server told: `received_value`, `linked_node`, `cycle_nodes`, ... */
  readonly extra: Readonly<Record<string, Json>>;
  /** It stopped a run that had begun; the others kept it from beginning. */
  readonly atRunTime: boolean;
  /** The best one first; empty where nothing can be done by one click, or while it is being looked for. */
  readonly fixes: readonly Fix[];
}
