/** What can be done with several nodes at once. */

import { ArrowLeft, Trash2 } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { removeItems, titleOf } from "@/document/nodes";
import type { NodeRecord } from "@/document/records";
import { type OpenDocument, shownScope } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import head from "./node-head.module.css";
import { NodeLook } from "./node-look";
import outline from "./outline.module.css";
import { Section } from "./section";
import { showAll, showNode } from "./show-node";
import { recordIdOf } from "./wire-changes";
import { definitionOf, type Place } from "./wire-ends";

interface SeveralProps {
  readonly document: OpenDocument;
  readonly nodes: readonly NodeRecord[];
}

/** The sheet of a selection. */
export function Several({ document, nodes }: SeveralProps) {
  const text = useText();
  const catalogue = useCatalogue((state) => state.catalogue);
  const place: Place = { store: document.store, scope: shownScope(document), catalogue };
  const remove = () => {
    place.store.transact("widgets.removeNode", (tx) => removeItems(tx, place.scope, nodes.map(recordIdOf)));
    showAll();
  };
  return (
    <>
      <header className={head.head}>
        <div className={head.row}>
          <IconButton label={text("widgets.allNodes")} icon={ArrowLeft} onClick={showAll} />
          <h3 className={head.title}>{text("widgets.several", { count: nodes.length })}</h3>
        </div>
      </header>
      <NodeLook place={place} nodes={nodes} />
      <Section title={text("widgets.selected")}>
        <ul className={outline.list}>
          {nodes.map((node) => (
            <li key={recordIdOf(node)}>
              <button type="button" className={outline.entry} onClick={() => showNode(recordIdOf(node))}>
                <span className={outline.name}>{titleOf(node.raw, definitionOf(place, node))}</span>
              </button>
            </li>
          ))}
        </ul>
        <Button kind="danger" icon={Trash2} onClick={remove}>
          {text("widgets.deleteSeveral", { count: nodes.length })}
        </Button>
      </Section>
    </>
  );
}
