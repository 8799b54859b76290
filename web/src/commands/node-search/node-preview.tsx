/** A closer look at one kind of node. */

import { Star } from "lucide-react";
import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Dot } from "./dot";
import styles from "./node-palette.module.css";
import { toggleFavourite } from "./node-usage";

const WIDGETS = new Set(["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"]);

/** Whether an input is wired, as opposed to set on the node. */
const isSocket = ({ type, options }: InputDefinition): boolean =>
  !WIDGETS.has(type) || options.forceInput === true;

interface NodePreviewProps {
  readonly definition: NodeDefinition;
  readonly favourite: boolean;
}

/** What it is for, what it takes and gives, where it comes from. */
export function NodePreview({ definition, favourite }: NodePreviewProps) {
  const text = useText();
  const { title, type, category, description, inputs, outputs, module } = definition;
  const sockets = inputs.filter(isSocket);
  const widgets = inputs.filter((input) => !isSocket(input));
  return (
    <section className={styles.preview} aria-label={title}>
      <header className={styles.previewHead}>
        <h3 className={styles.previewTitle}>{title}</h3>
        <IconButton
          label={text("shell.favourite")}
          keys="mod+d"
          icon={Star}
          size="small"
          pressed={favourite}
          onClick={() => toggleFavourite(type)}
        />
      </header>
      <p className={styles.muted}>{category.replaceAll("/", " › ")}</p>
      {description && <p className={styles.description}>{description}</p>}
      <Sockets heading={text("shell.node-takes")} sockets={sockets} />
      <Sockets heading={text("shell.node-gives")} sockets={outputs} />
      {widgets.length > 0 && (
        <>
          <h4 className={styles.small}>{text("shell.node-sets")}</h4>
          <p className={styles.muted}>{widgets.map(({ name }) => name).join(", ")}</p>
        </>
      )}
      <p className={styles.origin}>
        {type} · {module}
      </p>
    </section>
  );
}

interface SocketsProps {
  readonly heading: string;
  readonly sockets: readonly { readonly name: string; readonly type: string; readonly required?: boolean }[];
}

function Sockets({ heading, sockets }: SocketsProps) {
  const text = useText();
  if (sockets.length === 0) return null;
  return (
    <>
      <h4 className={styles.small}>{heading}</h4>
      <ul className={styles.sockets}>
        {sockets.map(({ name, type, required }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sockets may share a name and keep their places
          <li key={place} className={styles.socket}>
            <Dot type={type} />
            <span className={styles.socketName}>{name}</span>
            <span className={styles.muted}>
              {type.replaceAll(",", ", ")}
              {required === false && ` · ${text("shell.optional")}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
