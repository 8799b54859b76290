/** Everything about a point that wires are led through. */

import { ArrowUpLeft, ArrowUpRight } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { moveItems, titleOf } from "@/document/nodes";
import { type FileId, type LinkRecord, type Point, type RerouteRecord, rerouteId } from "@/document/records";
import { removeReroute } from "@/document/reroutes";
import { type OpenDocument, shownScope, useSheet } from "@/editor/session";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { PlaceFields } from "./place-fields";
import { pointOf, wiresThrough } from "./reroutes";
import { Section } from "./section";
import { showNode } from "./show-node";
import { ThingHead } from "./thing-head";
import { recordIdOf } from "./wire-changes";
import { definitionOf, type Place } from "./wire-ends";
import styles from "./wires.module.css";

interface RerouteSheetProps {
  readonly document: OpenDocument;
  readonly reroute: RerouteRecord;
}

/** Where the point lies, what is led through it, and how it is taken away. */
export function RerouteSheet({ document, reroute }: RerouteSheetProps) {
  const text = useText();
  const { store } = document;
  const scope = shownScope(document);
  const catalogue = useCatalogue((state) => state.catalogue);
  useSheet(store, scope);
  const place: Place = { store, scope, catalogue };
  const { id } = reroute.raw;
  const [x, y] = pointOf(reroute);
  const move = (at: Point) =>
    store.transact(
      "canvas.move",
      (tx) => moveItems(tx, new Map([[rerouteId(scope, id), at]])),
      `place ${id}`,
    );
  return (
    <>
      <ThingHead
        title={text("canvas.reroute")}
        removing={text("canvas.removeReroute")}
        onRemove={() => store.transact("canvas.reroute", (tx) => removeReroute(tx, scope, id))}
      />
      <PlaceFields
        figures={[
          { label: "widgets.placeX", value: x, set: (next) => move([next, y]) },
          { label: "widgets.placeY", value: y, set: (next) => move([x, next]) },
        ]}
      />
      <Section title={text("widgets.wires")}>
        <ul className={styles.list}>
          {wiresThrough(store, scope, id).map((link) => (
            <WireRow key={link.id} place={place} link={link} />
          ))}
        </ul>
      </Section>
    </>
  );
}

/** One wire, and ways to both its ends. */
function WireRow({ place, link }: { readonly place: Place; readonly link: LinkRecord }) {
  const text = useText();
  return (
    <li className={styles.row}>
      <span className={styles.name}>{String(link.type)}</span>
      {([link.origin, link.target] as const).map((end, at) => (
        <WireEndRow key={end} place={place} end={end} icon={at === 0 ? ArrowUpLeft : ArrowUpRight}>
          {text(at === 0 ? "widgets.wireFrom" : "widgets.wireTo", { name: nameOf(place, end) })}
        </WireEndRow>
      ))}
    </li>
  );
}

function nameOf(place: Place, end: FileId): string {
  const node = place.store.node(place.scope, end);
  return node
    ? titleOf(node.raw, definitionOf(place, node))
    : String(place.store.sheet(place.scope).rest.name ?? "");
}

interface WireEndRowProps {
  readonly place: Place;
  readonly end: FileId;
  readonly icon: typeof ArrowUpLeft;
  readonly children: string;
}

function WireEndRow({ place, end, icon, children }: WireEndRowProps) {
  const text = useText();
  const node = place.store.node(place.scope, end);
  return (
    <span className={styles.ends}>
      <span className={styles.plain}>{children}</span>
      {node && (
        <IconButton
          label={text("widgets.goTo", { name: nameOf(place, end) })}
          icon={icon}
          size="small"
          onClick={() => showNode(recordIdOf(node))}
        />
      )}
    </span>
  );
}
