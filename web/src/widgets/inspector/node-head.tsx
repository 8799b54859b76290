/** The top of a node's sheet: its title, its kind, and what is done with the whole node. */

import { ArrowLeft, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { NodeDefinition } from "@/catalogue/definitions";
import { amendNode, removeItems, titleOf } from "@/document/nodes";
import type { NodeRecord } from "@/document/records";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { TextField } from "@/ui/text-field";
import styles from "./node-head.module.css";
import { showAll, takeFollow } from "./show-node";
import { recordIdOf } from "./wire-changes";
import type { Place } from "./wire-ends";

interface NodeHeadProps {
  readonly place: Place;
  readonly node: NodeRecord;
  readonly definition: NodeDefinition | undefined;
}

/** Title and kind of a node, the way back to the list, and the button that takes it away. */
export function NodeHead({ place, node, definition }: NodeHeadProps) {
  const text = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = recordIdOf(node);
  const title = titleOf(node.raw, definition);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows when another node is shown
  useEffect(() => {
    if (!takeFollow()) return;
    // The window that searched for the node gives the focus back first. Who goes on sooner is not disturbed.
    const later = setTimeout(() => {
      const panel = heading.current?.closest("[data-inspector]");
      if (!panel?.contains(document.activeElement)) heading.current?.focus();
    }, 120);
    return () => clearTimeout(later);
  }, [id]);
  const remove = () => {
    place.store.transact("widgets.removeNode", (tx) => removeItems(tx, place.scope, [id]));
    showAll();
  };
  return (
    <header className={styles.head}>
      <div className={styles.row}>
        <IconButton label={text("widgets.allNodes")} icon={ArrowLeft} onClick={showAll} />
        <h3 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h3>
        <IconButton label={text("widgets.deleteNode", { name: title })} icon={Trash2} onClick={remove} />
      </div>
      <p className={styles.kind}>
        {definition ? definition.type : text("widgets.unknownKind", { name: node.raw.type })} · #{node.raw.id}
      </p>
      {definition?.description && <p className={styles.about}>{definition.description}</p>}
      <TitleField key={id} place={place} node={node} definition={definition} />
    </header>
  );
}

/** Renames the node; an empty title gives it the name of its kind again. */
function TitleField({ place, node, definition }: NodeHeadProps) {
  const text = useText();
  const title = titleOf(node.raw, definition);
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    const next = typed?.trim();
    setTyped(null);
    if (next === undefined || next === title) return;
    place.store.transact("widgets.rename", (tx) =>
      amendNode(tx, place.scope, node.raw.id, { title: next || undefined } as { title: string }),
    );
  };
  return (
    <TextField
      label={text("widgets.title")}
      value={typed ?? title}
      onChange={setTyped}
      onBlur={finish}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
