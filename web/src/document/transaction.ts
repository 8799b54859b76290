/** The changes of one step while it is being made. */

import type { Change, Diff, Records } from "./diff";
import {
  type DocumentRecord,
  type FileId,
  type GroupRecord,
  groupId,
  idOf,
  type LinkRecord,
  linkId,
  type NodeRecord,
  nodeId,
  type RecordId,
  type RerouteRecord,
  rerouteId,
  type Scope,
  type SheetRecord,
  sheetId,
} from "./records";

/** Reads and writes records over a document that stays as it is until the transaction is done. */
export class Transaction {
  #base: Records;
  #diff = new Map<RecordId, Change>();

  constructor(base: Records) {
    this.#base = base;
  }

  /** What was changed so far. */
  get diff(): Diff {
    return this.#diff;
  }

  get(id: RecordId): DocumentRecord | undefined {
    const change = this.#diff.get(id);
    return change ? change.after : this.#base.get(id);
  }

  node(scope: Scope, id: FileId): NodeRecord | undefined {
    const record = this.get(nodeId(scope, id));
    return record?.kind === "node" ? record : undefined;
  }

  /** Return a node; throws a RangeError where the sheet has no such node. */
  needNode(scope: Scope, id: FileId): NodeRecord {
    const node = this.node(scope, id);
    if (!node) throw new RangeError(`the sheet "${scope}" has no node ${id}`);
    return node;
  }

  link(scope: Scope, id: FileId): LinkRecord | undefined {
    const record = this.get(linkId(scope, id));
    return record?.kind === "link" ? record : undefined;
  }

  group(scope: Scope, key: string): GroupRecord | undefined {
    const record = this.get(groupId(scope, key));
    return record?.kind === "group" ? record : undefined;
  }

  reroute(scope: Scope, id: FileId): RerouteRecord | undefined {
    const record = this.get(rerouteId(scope, id));
    return record?.kind === "reroute" ? record : undefined;
  }

  /** Return a sheet; throws a RangeError where the document has no such sheet. */
  sheet(scope: Scope): SheetRecord {
    const record = this.get(sheetId(scope));
    if (record?.kind !== "sheet") throw new RangeError(`the document has no sheet "${scope}"`);
    return record;
  }

  /** Put a record in its place: a new one, or instead of the one with its id. */
  put(record: DocumentRecord): void {
    this.#set(idOf(record), record);
  }

  /** Take a record away. */
  remove(id: RecordId): void {
    this.#set(id, undefined);
  }

  #set(id: RecordId, after: DocumentRecord | undefined): void {
    const before = this.#base.get(id);
    if (before === after) this.#diff.delete(id);
    else this.#diff.set(id, { before, after });
  }
}
