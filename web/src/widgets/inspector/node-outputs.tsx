/** The outputs of a node, and where each one goes. */

import { ArrowUpRight, Plus, Unlink } from "lucide-react";
import { socketColor } from "@/catalogue/socket-types";
import { type OutputSocket, sockets } from "@/catalogue/sockets";
import type { NodeRecord } from "@/document/records";
import { focusNode } from "@/editor/canvas-view";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Section } from "./section";
import { WireButton } from "./wire-button";
import { addBehind, cutWire, joinOutput, recordIdOf } from "./wire-changes";
import { definitionOf, fittingInputs, fittingKinds, type Place, type Wire, wiresAt } from "./wire-ends";
import styles from "./wires.module.css";

interface NodeOutputsProps {
  readonly place: Place;
  readonly node: NodeRecord;
  /** Called with a node that was added, to be shown. */
  readonly onAdded: (node: NodeRecord) => void;
}

/** Every output with its wires. */
export function NodeOutputs({ place, node, onAdded }: NodeOutputsProps) {
  const text = useText();
  const outputs = sockets(definitionOf(place, node), node.raw).outputs.filter(({ slot }) => slot >= 0);
  if (outputs.length === 0) return null;
  return (
    <Section title={text("widgets.outputs")}>
      <ul className={styles.list}>
        {outputs.map((output) => (
          <OutputRow key={`${output.slot} ${output.name}`} {...{ place, node, output, onAdded }} />
        ))}
      </ul>
    </Section>
  );
}

function OutputRow({ place, node, output, onAdded }: NodeOutputsProps & { readonly output: OutputSocket }) {
  const text = useText();
  const { label, slot, type } = output;
  const wires = wiresAt(place, output.links, "output");
  return (
    <li className={styles.row}>
      <span className={styles.name} title={String(type)}>
        <span className={styles.dot} style={{ background: socketColor(type) }} />
        {label}
      </span>
      <span className={styles.targets}>
        {wires.map((wire) => (
          <Target key={wire.link.id} place={place} wire={wire} />
        ))}
        <WireButton
          label={text("widgets.connectTo", { name: label })}
          className={styles.more}
          ends={() => fittingInputs(place, node, type)}
          kinds={() => fittingKinds(place.catalogue, type, "output")}
          onJoin={(end) => joinOutput(place, node, slot, end)}
          onAdd={(kind) => onAdded(addBehind(place, node, slot, type, kind))}
        >
          <Plus size={14} aria-hidden />
          {text("widgets.connect")}
        </WireButton>
      </span>
    </li>
  );
}

/** One input that an output goes to. */
function Target({ place, wire }: { readonly place: Place; readonly wire: Wire }) {
  const text = useText();
  const { label, other, link } = wire;
  return (
    <span className={styles.ends}>
      <span className={styles.plain}>{label}</span>
      {other && (
        <IconButton
          label={text("widgets.goTo", { name: label })}
          icon={ArrowUpRight}
          size="small"
          onClick={() => focusNode(recordIdOf(other))}
        />
      )}
      <IconButton
        label={text("widgets.cut", { name: label })}
        icon={Unlink}
        size="small"
        onClick={() => cutWire(place, link.id)}
      />
    </span>
  );
}
