/** Every widget of a node at full size. */

import { Unlink } from "lucide-react";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { type InputSocket, sockets } from "@/catalogue/sockets";
import type { NodeRecord } from "@/document/records";
import { useText } from "@/i18n/language";
import type { NodeRun } from "@/run/node-run";
import { IconButton } from "@/ui/icon-button";
import { WidgetField } from "../widget-field";
import styles from "./node-widgets.module.css";
import { Section } from "./section";
import { WidgetActions } from "./widget-actions";
import { cutWire } from "./wire-changes";
import { definitionOf, type Place } from "./wire-ends";

interface NodeWidgetsProps {
  readonly place: Place;
  readonly node: NodeRecord;
  readonly run: NodeRun;
  readonly onAdded: (node: NodeRecord) => void;
}

/** What is set in the row of its value, or needs none. */
const WITHOUT_ROW: ReadonlySet<WidgetSlot["kind"]> = new Set(["control", "filter"]);

/** The widgets of a node, each with its menu. */
export function NodeWidgets({ place, node, run, onAdded }: NodeWidgetsProps) {
  const text = useText();
  const definition = definitionOf(place, node);
  const slots = widgetSlots(definition, node.raw).filter(({ kind }) => !WITHOUT_ROW.has(kind));
  const { inputs } = sockets(definition, node.raw);
  if (slots.length === 0) return null;
  const uploads = new Set<string>();
  const shown = slots.filter(
    ({ kind, name }) => kind !== "upload" || (!uploads.has(name) && uploads.add(name)),
  );
  return (
    <Section title={text("widgets.values")}>
      {shown.map((slot) => {
        const socket = slot.sent ? inputs.find(({ widget }) => widget === slot.name) : undefined;
        return (
          <Row
            key={`${slot.kind} ${slot.name}`}
            {...{ place, node, run, slot, socket, definition, onAdded }}
          />
        );
      })}
    </Section>
  );
}

interface RowProps extends NodeWidgetsProps {
  readonly slot: WidgetSlot;
  readonly socket: InputSocket | undefined;
  readonly definition: ReturnType<typeof definitionOf>;
}

function Row({ place, node, run, slot, socket, definition, onAdded }: RowProps) {
  const text = useText();
  const link = socket?.link ?? null;
  const problem = slot.sent ? run.problems.find(({ input }) => input === slot.name) : undefined;
  return (
    <div className={styles.row}>
      <div className={styles.field}>
        <WidgetField
          store={place.store}
          scope={place.scope}
          node={node.raw.id}
          slot={slot}
          definition={definition}
          linked={link !== null}
          size="sheet"
          problem={problem?.message}
        />
      </div>
      {slot.sent && (
        <div className={styles.actions}>
          {link !== null && (
            <IconButton
              label={text("widgets.cut", { name: socket?.label ?? slot.name })}
              icon={Unlink}
              size="small"
              onClick={() => cutWire(place, link)}
            />
          )}
          <WidgetActions {...{ place, node, slot, socket, onAdded }} />
        </div>
      )}
    </div>
  );
}
