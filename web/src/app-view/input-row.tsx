/** A widget of the app in the panel: its label, its limits, its place. */

import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { labelOf, openSlots } from "@/document/open-widgets";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { amendInput, moveInput, type PromotedInput, togglePromoted } from "@/editor/app-choice";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { TextField } from "@/ui/text-field";
import styles from "./app-panel.module.css";

interface InputRowProps {
  readonly document: OpenDocument;
  readonly input: PromotedInput;
  /** Its place, from 0. */
  readonly at: number;
  readonly last: number;
  /** It is there by itself: nobody chose it yet. */
  readonly fixed: boolean;
}

/** One row of the list of inputs. */
export function InputRow({ document, input, at, last, fixed }: InputRowProps) {
  const text = useText();
  const { label, title, kind } = useNames(document, input);
  if (fixed) {
    return (
      <li className={styles.row}>
        <span className={styles.name}>{label}</span>
        <span className={styles.node}>{title}</span>
      </li>
    );
  }
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <TextField
          className={styles.field}
          label={text("app.label-of", { name: label })}
          hideLabel
          value={input.label ?? ""}
          placeholder={label}
          onChange={(next) => amendInput(document, at, { label: next === "" ? undefined : next })}
        />
        <IconButton
          size="small"
          label={text("app.move-up", { name: label })}
          icon={ArrowUp}
          disabled={at === 0}
          onClick={() => moveInput(document, at, -1)}
        />
        <IconButton
          size="small"
          label={text("app.move-down", { name: label })}
          icon={ArrowDown}
          disabled={at === last}
          onClick={() => moveInput(document, at, 1)}
        />
        <IconButton
          size="small"
          label={text("app.take-out", { name: label })}
          icon={X}
          onClick={() => togglePromoted(document, input.path, input.widget)}
        />
      </div>
      <span className={styles.node}>
        {title}: {input.widget}
      </span>
      {(kind === "integer" || kind === "number") && (
        <Limits document={document} input={input} at={at} name={label} />
      )}
    </li>
  );
}

function useNames(document: OpenDocument, input: PromotedInput) {
  const text = useText();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { records } = document.store;
  const node = nodeAt(records, input.path);
  if (!node) return { label: input.widget, title: text("app.node-gone"), kind: undefined };
  const definition = nodeDefinitionOf(records, catalogue, node.raw, node.scope);
  const slot = openSlots(definition, node.raw).find(({ name }) => name === input.widget);
  const label = input.label ?? labelOf(node.raw, definition, input.widget);
  const title = slot
    ? titleOf(node.raw, definition)
    : text("app.by-wire", { node: titleOf(node.raw, definition) });
  return { label, title, kind: slot?.kind };
}

interface LimitsProps {
  readonly document: OpenDocument;
  readonly input: PromotedInput;
  readonly at: number;
  readonly name: string;
}

/** The ends of the slider. */
function Limits({ document, input, at, name }: LimitsProps) {
  const text = useText();
  const limit = (end: "min" | "max") => (
    <TextField
      className={styles.limit}
      label={text(`app.${end}-of`, { name })}
      hideLabel
      inputMode="decimal"
      placeholder={text(`app.${end}`)}
      value={input[end]?.toString() ?? ""}
      onChange={(next) => {
        const number = Number(next);
        amendInput(document, at, {
          [end]: next.trim() === "" || !Number.isFinite(number) ? undefined : number,
        });
      }}
    />
  );
  return (
    <div className={styles.line}>
      <span className={styles.node}>{text("app.slider")}</span>
      {limit("min")}
      {limit("max")}
    </div>
  );
}
