/** Random edits of every kind, the same for the same seed. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { accepts } from "@/catalogue/socket-types";
import { OFFERED_KINDS } from "@/catalogue/virtual-kinds";
import { type Clip, copyItems, pasteClip, readClip } from "@/document/clipboard";
import { addGroup, addGroupAround, amendGroup } from "@/document/groups";
import { disconnect, inputSlotOf } from "@/document/links";
import { makeSubgraph } from "@/document/make-subgraph";
import { addNode, amendNode, moveItems, removeItems, resizeNode, setFlag, setMode } from "@/document/nodes";
import { connectValue } from "@/document/primitives";
import { demoteWidget, promoteWidget } from "@/document/promoted-widgets";
import {
  type GroupRecord,
  type LinkRecord,
  type NodeRecord,
  type Point,
  type RecordId,
  type RerouteRecord,
  ROOT,
  type Scope,
} from "@/document/records";
import { addReroute, removeReroute } from "@/document/reroutes";
import type { DocumentStore } from "@/document/store";
import { definitionsOf } from "@/document/subgraph-definitions";
import { nodeDefinitionOf, subgraphOf } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";
import { unpackSubgraph } from "@/document/unpack-subgraph";
import { setValue } from "@/document/values";
import { portEdits } from "./port-edits";

const MOST_NODES = 120;

/** Does random edits to a document. */
export class RandomEditor {
  #clip: Clip | undefined;
  /** How often each kind of edit was done. */
  readonly done = new Map<string, number>();

  constructor(
    readonly store: DocumentStore,
    readonly catalogue: Catalogue,
    readonly random: () => number,
  ) {}

  /** Do one edit; where it is not possible now, nothing. Return its kind. */
  step(): string {
    const kinds = Object.keys(this.#edits);
    const kind = this.#one(kinds) ?? "";
    if (this.#edits[kind]?.()) this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    return kind;
  }

  #one<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)];
  }

  #some<T>(list: readonly T[], most: number): T[] {
    const count = 1 + Math.floor(this.random() * most);
    const start = Math.floor(this.random() * list.length);
    return list.slice(start, start + count);
  }

  #point(): Point {
    return [Math.round(this.random() * 4000), Math.round(this.random() * 3000)];
  }

  #scope(): Scope {
    return this.#one([ROOT, ROOT, ...definitionsOf(this.store.records)]) ?? ROOT;
  }

  #listed(scope: Scope, list: "nodes" | "links" | "groups" | "reroutes"): RecordId[] {
    return [...this.store.sheet(scope)[list]];
  }

  #node(scope: Scope): NodeRecord | undefined {
    const record = this.store.get(this.#one(this.#listed(scope, "nodes")) ?? "");
    return record?.kind === "node" ? record : undefined;
  }

  #link(scope: Scope): LinkRecord | undefined {
    const record = this.store.get(this.#one(this.#listed(scope, "links")) ?? "");
    return record?.kind === "link" ? record : undefined;
  }

  #group(scope: Scope): GroupRecord | undefined {
    const record = this.store.get(this.#one(this.#listed(scope, "groups")) ?? "");
    return record?.kind === "group" ? record : undefined;
  }

  #reroute(scope: Scope): RerouteRecord | undefined {
    const record = this.store.get(this.#one(this.#listed(scope, "reroutes")) ?? "");
    return record?.kind === "reroute" ? record : undefined;
  }

  #definition(node: NodeRecord): NodeDefinition | undefined {
    return nodeDefinitionOf(this.store.records, this.catalogue, node.raw, node.scope);
  }

  #do(label: string, change: (tx: Transaction) => unknown): boolean {
    this.store.transact(label, change);
    return true;
  }

  /** An edit of a thing that there may be none of. */
  #with<T>(thing: T | undefined, edit: (thing: T) => boolean): boolean {
    return thing === undefined ? false : edit(thing);
  }

  #edits: Readonly<Record<string, () => boolean>> = {
    add: () => {
      const scope = this.#scope();
      if (this.#listed(scope, "nodes").length > MOST_NODES) return this.#remove(scope);
      const kinds = [...this.catalogue.values(), ...OFFERED_KINDS];
      return this.#with(this.#one(kinds), (kind) =>
        this.#do("add", (tx) => addNode(tx, scope, kind, this.#point())),
      );
    },
    remove: () => this.#remove(this.#scope()),
    move: () => {
      const scope = this.#scope();
      const items = [
        ...this.#listed(scope, "nodes"),
        ...this.#listed(scope, "groups"),
        ...this.#listed(scope, "reroutes"),
      ];
      return this.#do("move", (tx) =>
        moveItems(tx, new Map(this.#some(items, 5).map((id) => [id, this.#point()]))),
      );
    },
    drag: () => {
      const ids = this.#some(this.#listed(ROOT, "nodes"), 4);
      const gesture = this.store.gesture("drag");
      for (let at = 0; at < 4; at++)
        gesture.update((tx) => moveItems(tx, new Map(ids.map((id) => [id, this.#point()]))));
      if (this.random() < 0.4) gesture.cancel();
      else gesture.commit();
      return true;
    },
    resize: () =>
      this.#with(this.#node(this.#scope()), ({ scope, raw }) =>
        this.#do("resize", (tx) => resizeNode(tx, scope, raw.id, this.#point())),
      ),
    connect: () => this.#connect(this.#scope()),
    connectAgain: () => this.#connect(this.#scope()),
    disconnect: () =>
      this.#with(this.#link(this.#scope()), ({ scope, id }) =>
        this.#do("disconnect", (tx) => disconnect(tx, scope, id)),
      ),
    value: () =>
      this.#with(this.#node(this.#scope()), (node) =>
        this.#with(this.#one(widgetSlots(this.#definition(node), node.raw)), (slot) =>
          this.#do("value", (tx) =>
            setValue(tx, node.scope, node.raw.id, slot, Math.round(this.random() * 1000)),
          ),
        ),
      ),
    type: () =>
      this.#with(this.#node(ROOT), (node) =>
        this.#with(widgetSlots(this.#definition(node), node.raw)[0], (slot) => {
          for (const text of ["a", "ab", "abc"]) {
            this.store.transact(
              "type",
              (tx) => setValue(tx, ROOT, node.raw.id, slot, text),
              `type:${node.raw.id}`,
            );
          }
          return true;
        }),
      ),
    title: () =>
      this.#with(this.#node(this.#scope()), ({ scope, raw }) => {
        const title =
          this.random() < 0.5 ? `Node ${Math.round(this.random() * 99)}` : (undefined as unknown as string);
        const patch = { title, color: "#322", bgcolor: "#533" };
        return this.#do("title", (tx) => amendNode(tx, scope, raw.id, patch));
      }),
    mode: () =>
      this.#with(this.#node(this.#scope()), ({ scope, raw }) =>
        this.#do("mode", (tx) => setMode(tx, scope, [raw.id], this.#one([0, 2, 4]) ?? 0)),
      ),
    flag: () =>
      this.#with(this.#node(this.#scope()), ({ scope, raw }) =>
        this.#do("flag", (tx) =>
          setFlag(tx, scope, raw.id, this.random() < 0.5 ? "collapsed" : "pinned", this.random() < 0.5),
        ),
      ),
    group: () => {
      const scope = this.#scope();
      const ids = this.#some(this.#listed(scope, "nodes"), 4);
      if (this.random() < 0.5 || ids.length === 0)
        return this.#do("group", (tx) => addGroup(tx, scope, "G", [...this.#point(), 300, 200]));
      return this.#do("group", (tx) => addGroupAround(tx, scope, "Around", ids));
    },
    amendGroup: () =>
      this.#with(this.#group(this.#scope()), ({ scope, key }) =>
        this.#do("group", (tx) =>
          amendGroup(tx, scope, key, { title: `G${Math.round(this.random() * 9)}`, color: "#123" }),
        ),
      ),
    reroute: () =>
      this.#with(this.#link(this.#scope()), (link) =>
        this.#do("reroute", (tx) =>
          addReroute(tx, link.scope, link.id, this.#point(), this.random() < 0.5 ? link.parent : undefined),
        ),
      ),
    removeReroute: () =>
      this.#with(this.#reroute(this.#scope()), ({ scope, raw }) =>
        this.#do("unroute", (tx) => removeReroute(tx, scope, raw.id)),
      ),
    copy: () => {
      const scope = this.#scope();
      const clip = copyItems(
        this.store.records,
        scope,
        this.#some([...this.#listed(scope, "nodes"), ...this.#listed(scope, "groups")], 6),
      );
      this.#clip = readClip(JSON.parse(JSON.stringify(clip)));
      return true;
    },
    paste: () => {
      const scope = this.#scope();
      if (this.#listed(scope, "nodes").length > MOST_NODES || definitionsOf(this.store.records).length > 40)
        return false;
      return this.#with(this.#clip, (clip) =>
        this.#do("paste", (tx) =>
          pasteClip(tx, scope, clip, this.#point(), { keepWires: this.random() < 0.5 }),
        ),
      );
    },
    makeSubgraph: () => {
      const scope = this.#scope();
      const ids = this.#some([...this.#listed(scope, "nodes"), ...this.#listed(scope, "groups")], 8);
      if (!ids.some((id) => id.startsWith("node:")) || definitionsOf(this.store.records).length > 40)
        return false;
      return this.#do("make", (tx) => makeSubgraph(tx, scope, ids, "Sub", this.catalogue));
    },
    unpack: () =>
      this.#with(this.#instance(), ({ scope, raw }) =>
        this.#do("unpack", (tx) => unpackSubgraph(tx, scope, raw.id, this.catalogue)),
      ),
    promote: () => this.#promote(),
    demote: () =>
      this.#with(this.#inner(), (node) =>
        this.#with(this.#one((node.raw.inputs ?? []).filter(({ widget }) => widget)), ({ widget }) =>
          this.#do("demote", (tx) =>
            demoteWidget(tx, node.scope, node.raw.id, widget?.name ?? "", this.catalogue),
          ),
        ),
      ),
    ports: () => this.#ports(),
    undo: () => this.#times(() => this.store.undo()),
    redo: () => this.#times(() => this.store.redo()),
  };

  #times(step: () => unknown): boolean {
    const count = Math.floor(this.random() * 4);
    for (let at = 0; at < count; at++) step();
    return count > 0;
  }

  #remove(scope: Scope): boolean {
    const items = [
      ...this.#listed(scope, "nodes"),
      ...this.#listed(scope, "groups"),
      ...this.#listed(scope, "reroutes"),
    ];
    return this.#do("remove", (tx) => removeItems(tx, scope, this.#some(items, 3)));
  }

  #connect(scope: Scope): boolean {
    const from = this.#node(scope);
    const to = this.#node(scope);
    if (!from || !to || from === to) return false;
    const definition = this.#definition(to);
    return this.#with(this.#one((from.raw.outputs ?? []).map((_, at) => at)), (originSlot) => {
      const type = from.raw.outputs?.[originSlot]?.type ?? "*";
      const names = [...(to.raw.inputs ?? []), ...(definition?.inputs ?? [])].filter((input) =>
        accepts(type, input.type),
      );
      return this.#with(this.#one(names), (input) => {
        try {
          return this.#do("connect", (tx) => {
            const targetSlot = inputSlotOf(tx, to, definition, input.name);
            const ends = { origin: from.raw.id, originSlot, target: to.raw.id, targetSlot };
            connectValue(tx, scope, ends, this.catalogue);
          });
        } catch (error) {
          if (error instanceof RangeError) return false;
          throw error;
        }
      });
    });
  }

  #instance(): NodeRecord | undefined {
    const scopes = [ROOT, ...definitionsOf(this.store.records)];
    const nodes = scopes.flatMap((scope) => this.#listed(scope, "nodes").map((id) => this.store.get(id)));
    const instances = nodes
      .filter((node) => node?.kind === "node")
      .filter(({ raw }) => subgraphOf(this.store.records, raw));
    return this.#one(instances);
  }

  #inner(): NodeRecord | undefined {
    const scope = this.#one(definitionsOf(this.store.records));
    return scope === undefined ? undefined : this.#node(scope);
  }

  #promote(): boolean {
    return this.#with(this.#inner(), (node) => {
      const slots = widgetSlots(this.#definition(node), node.raw).filter(({ sent, input }) => sent && input);
      const free = slots.filter(
        ({ name }) => !(node.raw.inputs ?? []).some((input) => input.widget?.name === name && input.link),
      );
      return this.#with(this.#one(free), ({ name, input }) =>
        input?.options.socketless
          ? false
          : this.#do("promote", (tx) => promoteWidget(tx, node.scope, node.raw.id, name, this.catalogue)),
      );
    });
  }

  #ports(): boolean {
    return this.#with(this.#inner(), (node) => {
      const edit = this.#one(portEdits(this.store, node));
      return edit ? this.#do("ports", edit) : false;
    });
  }
}
