/** The window in which a kind of node is found and added. */

import { Dialog } from "radix-ui";
import { useRef } from "react";
import { focusNode } from "@/canvas/camera";
import { addSearched, closeNodeSearch, useNodeSearch } from "@/canvas/node-search";
import type { NodeDefinition } from "@/catalogue/definitions";
import { idOf, type RecordId } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { useFocusReturn } from "@/ui/focus-return";
import surface from "@/ui/surface.module.css";
import { NodeList } from "./node-list";
import styles from "./node-palette.module.css";
import { noteChosen } from "./node-usage";

/** Open while the canvas asks for it; the node that is chosen gets the focus. */
export default function NodePalette() {
  const text = useText();
  const from = useNodeSearch((state) => state.from);
  const added = useRef<RecordId | null>(null);
  const choose = (definition: NodeDefinition) => {
    noteChosen(definition.type);
    const node = addSearched(definition);
    added.current = node ? idOf(node) : null;
  };
  const giveBack = useFocusReturn();
  const giveFocus = (event: Event) => {
    giveBack(event);
    if (added.current) focusNode(added.current);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeNodeSearch()}>
      <Dialog.Portal>
        <Dialog.Overlay className={surface.shade} />
        <Dialog.Content
          className={classNames(surface.palette, styles.window)}
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocus}
        >
          <Dialog.Title className="sr-only">{text("shell.add-node")}</Dialog.Title>
          <NodeList {...(from && { from })} onChoose={choose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
