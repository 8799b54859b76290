/** One kind of node in the list. */

import { Command } from "cmdk";
import { Star } from "lucide-react";
import type { NodeDefinition } from "@/catalogue/definitions";
import { useText } from "@/i18n/language";
import palette from "../palette.module.css";
import { Dot } from "./dot";
import styles from "./node-palette.module.css";

interface NodeItemProps {
  readonly definition: NodeDefinition;
  /** Identifies it in the list. */
  readonly value: string;
  /** It stands under the name of its category. */
  readonly placed: boolean;
  readonly favourite: boolean;
  readonly onChoose: (definition: NodeDefinition) => void;
}

/** Its name, where it belongs, and a dot in the colour of what it gives. */
export function NodeItem({ definition, value, placed, favourite, onChoose }: NodeItemProps) {
  const text = useText();
  const { title, category, outputs, deprecated, experimental } = definition;
  return (
    <Command.Item value={value} className={palette.item} onSelect={() => onChoose(definition)}>
      <Dot type={outputs[0]?.type ?? null} />
      <span className={palette.title}>{title}</span>
      {deprecated && <span className={styles.badge}>{text("shell.node-deprecated")}</span>}
      {experimental && <span className={styles.badge}>{text("shell.node-experimental")}</span>}
      <span className={styles.category}>{!placed && category.replaceAll("/", " › ")}</span>
      {favourite && (
        <Star size={14} className={styles.star} role="img" aria-label={text("shell.favourite")} />
      )}
    </Command.Item>
  );
}
