/** Everything about a group: its title, colour, place and size, and what lies in it. */

import { useCatalogue } from "@/catalogue/state";
import { amendGroup, boundingOf, itemsInGroup } from "@/document/groups";
import { flagOf, moveItems, positionOf, removeItems, titleOf } from "@/document/nodes";
import { type GroupRecord, groupId, type NodeRecord, type Point, type RecordId } from "@/document/records";
import { GROUP_COLORS } from "@/editor/node-tints";
import { type OpenDocument, shownScope, useSheet } from "@/editor/session";
import { useText } from "@/i18n/language";
import { TextField } from "@/ui/text-field";
import look from "./node-look.module.css";
import outline from "./outline.module.css";
import { PlaceFields } from "./place-fields";
import { pointOf } from "./reroutes";
import { Section } from "./section";
import { showNode } from "./show-node";
import { ThingHead } from "./thing-head";
import { recordIdOf } from "./wire-changes";
import { definitionOf, type Place } from "./wire-ends";

interface GroupSheetProps {
  readonly document: OpenDocument;
  readonly group: GroupRecord;
}

/** The sheet of a group of the open workflow. */
export function GroupSheet({ document, group }: GroupSheetProps) {
  const text = useText();
  const { store } = document;
  const scope = shownScope(document);
  const catalogue = useCatalogue((state) => state.catalogue);
  useSheet(store, scope);
  const place: Place = { store, scope, catalogue };
  const remove = () =>
    store.transact("canvas.removeGroup", (tx) => removeItems(tx, scope, [groupId(scope, group.key)]));
  return (
    <>
      <ThingHead
        title={group.raw.title || text("canvas.newGroup")}
        removing={text("canvas.removeGroup")}
        onRemove={remove}
      />
      <Section title={text("widgets.look")}>
        <TitleField key={group.key} place={place} group={group} />
        <Colors place={place} group={group} />
      </Section>
      <GroupPlace place={place} group={group} />
      <Inside place={place} group={group} />
    </>
  );
}

interface PartProps {
  readonly place: Place;
  readonly group: GroupRecord;
}

function TitleField({ place: { store, scope }, group }: PartProps) {
  const text = useText();
  const rename = (title: string) =>
    store.transact(
      "canvas.rename",
      (tx) => amendGroup(tx, scope, group.key, { title }),
      `title ${group.key}`,
    );
  return (
    <TextField
      label={text("widgets.title")}
      value={group.raw.title ?? ""}
      onChange={rename}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}

function Colors({ place: { store, scope }, group }: PartProps) {
  const text = useText();
  const paint = (color: string) =>
    store.transact("canvas.color", (tx) => amendGroup(tx, scope, group.key, { color }));
  return (
    <fieldset className={look.colors}>
      <legend className={look.legend}>{text("widgets.color")}</legend>
      {GROUP_COLORS.map(({ label, color }) => (
        <button
          key={label}
          type="button"
          className={look.color}
          aria-label={text(label)}
          title={text(label)}
          aria-pressed={group.raw.color === color}
          onClick={() => paint(color)}
        >
          <span className={look.swatch} style={{ background: color }} />
        </button>
      ))}
    </fieldset>
  );
}

/** Return where all that moves with a group comes to lie; what is pinned stays. */
function movesOf({ store }: Place, group: GroupRecord, [dx, dy]: Point): Map<RecordId, Point> {
  const [x, y] = boundingOf(group.raw);
  const moves = new Map<RecordId, Point>([[groupId(group.scope, group.key), [x + dx, y + dy]]]);
  for (const id of itemsInGroup(store.records, group)) {
    const record = store.get(id);
    if (record?.kind === "node" && !flagOf(record.raw, "pinned")) {
      const [left, top] = positionOf(record.raw);
      moves.set(id, [left + dx, top + dy]);
    } else if (record?.kind === "reroute") {
      const [left, top] = pointOf(record);
      moves.set(id, [left + dx, top + dy]);
    } else if (record?.kind === "group") {
      const [left, top] = boundingOf(record.raw);
      moves.set(id, [left + dx, top + dy]);
    }
  }
  return moves;
}

function GroupPlace({ place, group }: PartProps) {
  const { store, scope } = place;
  const [x, y, width, height] = boundingOf(group.raw);
  const move = (by: Point) =>
    store.transact("canvas.move", (tx) => moveItems(tx, movesOf(place, group, by)), `place ${group.key}`);
  const resize = (bounding: readonly number[]) =>
    store.transact(
      "canvas.resize",
      (tx) => amendGroup(tx, scope, group.key, { bounding }),
      `size ${group.key}`,
    );
  return (
    <PlaceFields
      figures={[
        { label: "widgets.placeX", value: x, set: (next) => move([next - x, 0]) },
        { label: "widgets.placeY", value: y, set: (next) => move([0, next - y]) },
        { label: "widgets.width", value: width, min: 40, set: (next) => resize([x, y, next, height]) },
        { label: "widgets.height", value: height, min: 40, set: (next) => resize([x, y, width, next]) },
      ]}
    />
  );
}

/** The nodes in the group, each with the way to its own sheet. */
function Inside({ place, group }: PartProps) {
  const text = useText();
  const nodes = itemsInGroup(place.store.records, group)
    .map((id) => place.store.get(id))
    .filter((record): record is NodeRecord => record?.kind === "node");
  if (nodes.length === 0) return null;
  return (
    <Section title={text("widgets.inGroup")}>
      <ul className={outline.list}>
        {nodes.map((node) => (
          <li key={recordIdOf(node)}>
            <button type="button" className={outline.entry} onClick={() => showNode(recordIdOf(node))}>
              <span className={outline.name}>{titleOf(node.raw, definitionOf(place, node))}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
