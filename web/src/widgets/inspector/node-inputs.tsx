/** The inputs of a node: what each gets, and from where else it could come. */

import { ArrowUpLeft, GitCommitHorizontal, Unlink } from "lucide-react";
import { socketColor } from "@/catalogue/socket-types";
import { type InputSocket, sockets } from "@/catalogue/sockets";
import type { NodeRecord } from "@/document/records";
import { focusNode } from "@/editor/canvas-view";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { leadRound } from "./reroutes";
import { Section } from "./section";
import { showNode } from "./show-node";
import { WireButton } from "./wire-button";
import { addBefore, cutWire, joinInput, recordIdOf } from "./wire-changes";
import { definitionOf, fittingKinds, fittingOutputs, type Place, wiresAt } from "./wire-ends";
import { WirePoints } from "./wire-points";
import styles from "./wires.module.css";

interface NodeInputsProps {
  readonly place: Place;
  readonly node: NodeRecord;
  /** Called with a node that was added, to be shown. */
  readonly onAdded: (node: NodeRecord) => void;
}

/** Every input that is no widget, and widgets that a wire comes into. */
export function NodeInputs({ place, node, onAdded }: NodeInputsProps) {
  const text = useText();
  const { inputs } = sockets(definitionOf(place, node), node.raw);
  const shown = inputs.filter(({ widget, link }) => widget === null || link !== null);
  if (shown.length === 0) return null;
  return (
    <Section title={text("widgets.inputs")}>
      <ul className={styles.list}>
        {shown.map((input) => (
          <InputRow key={`${input.slot} ${input.name}`} {...{ place, node, input, onAdded }} />
        ))}
      </ul>
    </Section>
  );
}

/** One input with its wire. */
function InputRow({ place, node, input, onAdded }: NodeInputsProps & { readonly input: InputSocket }) {
  const text = useText();
  const [wire] = wiresAt(place, input.link === null ? [] : [input.link], "input");
  const { label } = input;
  const other = wire?.other;
  return (
    <li className={styles.row}>
      <span className={styles.name} title={String(input.type)}>
        <span className={styles.dot} style={{ background: socketColor(input.type) }} />
        {label}
        {input.required && !wire && <span className={styles.needed}>{text("widgets.needed")}</span>}
      </span>
      <span className={styles.ends}>
        <ConnectFrom {...{ place, node, input, onAdded }} current={wire?.label} />
        {other && (
          <IconButton
            label={text("widgets.goTo", { name: wire.label })}
            icon={ArrowUpLeft}
            size="small"
            onClick={() => focusNode(recordIdOf(other))}
          />
        )}
        {wire && (
          <IconButton
            label={text("widgets.leadRound", { name: label })}
            icon={GitCommitHorizontal}
            size="small"
            onClick={() => showNode(leadRound(place, wire.link))}
          />
        )}
        {wire && (
          <IconButton
            label={text("widgets.cut", { name: label })}
            icon={Unlink}
            size="small"
            onClick={() => cutWire(place, wire.link.id)}
          />
        )}
      </span>
      {wire && <WirePoints place={place} link={wire.link} />}
    </li>
  );
}

interface ConnectFromProps extends NodeInputsProps {
  readonly input: Pick<InputSocket, "name" | "label" | "type">;
  /** What is joined to it now. */
  readonly current: string | undefined;
}

/** The button that chooses where an input comes from. */
function ConnectFrom({ place, node, input, current, onAdded }: ConnectFromProps) {
  const text = useText();
  const { name, label, type } = input;
  const what = current ?? text("widgets.notConnected");
  return (
    <WireButton
      label={text("widgets.connectFrom", { name: label, what })}
      ends={() => fittingOutputs(place, node, type)}
      kinds={() => fittingKinds(place.catalogue, type, "input")}
      onJoin={(end) => joinInput(place, node, name, end)}
      onAdd={(kind) => onAdded(addBefore(place, node, name, type, kind))}
    >
      <span className={current === undefined ? styles.none : styles.end}>{what}</span>
    </WireButton>
  );
}
