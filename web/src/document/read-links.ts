/** The links of a sheet, read from arrays (0.4) or objects (schema 1). */

import {
  type DocumentRecord,
  type FileId,
  isObject,
  type Json,
  type LinkRecord,
  linkId,
  nodeId,
  type OddEntry,
  type RawNode,
  type RecordId,
  type Scope,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "./records";

type Target = Map<RecordId, DocumentRecord>;

interface ReadLinks {
  readonly links: RecordId[];
  /** The list of link extensions without those that belong to no link; undefined where the file has none. */
  readonly extensions: readonly Json[] | undefined;
}

/**
 * Add the links of a sheet whose nodes have been read, and return their ids. What names nothing that exists
 * goes to `odd`.
 */
export function readLinks(
  records: Target,
  value: Json | undefined,
  extensions: Json | undefined,
  scope: Scope,
  odd: OddEntry[],
): ReadLinks {
  const entries: readonly Json[] = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  const parents = parentsOf(extensions);
  const links: RecordId[] = [];
  entries.forEach((raw, at) => {
    const link = linkFrom(raw, scope, parents);
    if (!link || records.has(linkId(scope, link.id))) {
      odd.push({ list: "links", at, value: raw });
      return;
    }
    const joined = joinedTo(records, link);
    if (!joined) {
      odd.push({ list: "links", at, value: raw });
      return;
    }
    records.set(linkId(scope, link.id), joined);
    links.push(linkId(scope, link.id));
  });
  return { links, extensions: knownExtensions(records, extensions, scope, odd) };
}

function parentsOf(extensions: Json | undefined): ReadonlyMap<string, number> {
  const parents = new Map<string, number>();
  for (const entry of Array.isArray(extensions) ? (extensions as readonly Json[]) : []) {
    if (isObject(entry) && typeof entry.parentId === "number") parents.set(String(entry.id), entry.parentId);
  }
  return parents;
}

function knownExtensions(records: Target, extensions: Json | undefined, scope: Scope, odd: OddEntry[]) {
  if (!Array.isArray(extensions)) return undefined;
  return (extensions as readonly Json[]).filter((entry, at) => {
    const known = isObject(entry) && records.has(linkId(scope, String(entry.id)));
    if (!known) odd.push({ list: "linkExtensions", at, value: entry });
    return known;
  });
}

function linkFrom(raw: Json, scope: Scope, parents: ReadonlyMap<string, number>): LinkRecord | undefined {
  const fields = fieldsOf(raw);
  if (!fields) return undefined;
  const [id, origin, originSlot, target, targetSlot, type = "*"] = fields;
  const from = slotFrom(originSlot);
  const to = slotFrom(targetSlot);
  if (!isId(id) || !isId(origin) || !isId(target) || from === undefined || to === undefined) return undefined;
  const own = isObject(raw) && typeof raw.parentId === "number" ? raw.parentId : undefined;
  const parent = own ?? parents.get(String(id));
  return { kind: "link", scope, id, origin, originSlot: from, target, targetSlot: to, type, parent, raw };
}

function fieldsOf(raw: Json): readonly (Json | undefined)[] | undefined {
  if (Array.isArray(raw)) return raw;
  if (!isObject(raw)) return undefined;
  return [raw.id, raw.origin_id, raw.origin_slot, raw.target_id, raw.target_slot, raw.type];
}

function slotFrom(value: Json | undefined): number | undefined {
  const slot = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof slot === "number" && Number.isInteger(slot) && slot >= 0 ? slot : undefined;
}

function isId(value: Json | undefined): value is FileId {
  return typeof value === "string" || typeof value === "number";
}

/** The input that holds a link says where it ends; a link that its ends do not know is none. */
function joinedTo(records: Target, link: LinkRecord): LinkRecord | undefined {
  const { scope, origin, target } = link;
  if (Number(origin) !== SUBGRAPH_INPUT && !rawNode(records, scope, origin)) return undefined;
  if (Number(target) === SUBGRAPH_OUTPUT) return link;
  const inputs = rawNode(records, scope, target)?.inputs ?? [];
  const holds = (slot: number) => String(inputs[slot]?.link) === String(link.id);
  if (holds(link.targetSlot)) return link;
  const targetSlot = inputs.findIndex((_, slot) => holds(slot));
  return targetSlot < 0 ? undefined : { ...link, targetSlot, repaired: true };
}

function rawNode(records: Target, scope: Scope, id: FileId): RawNode | undefined {
  const record = records.get(nodeId(scope, id));
  return record?.kind === "node" ? record.raw : undefined;
}
