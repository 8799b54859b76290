/** Undo and redo of the workflow that is shown. */

import { Redo2, Undo2 } from "lucide-react";
import { useSyncExternalStore } from "react";
import { stepBack, stepForward } from "@/canvas/history-steps";
import type { DocumentStore } from "@/document/store";
import { useActiveDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Toolbar, ToolbarItem } from "@/ui/toolbar";

const NOTHING = (): void => undefined;

/** Return how many steps can be undone and redone, as `done/undone`. */
function useHistory(store: DocumentStore | undefined): { canUndo: boolean; canRedo: boolean } {
  const lengths = useSyncExternalStore(
    (changed) => store?.watchHistory(changed) ?? NOTHING,
    () => (store ? `${store.done.length > 0}/${store.undone.length > 0}` : ""),
  );
  return { canUndo: lengths.startsWith("true"), canRedo: lengths.endsWith("true") };
}

/** Two buttons, one stop of the Tab key. */
export function UndoButtons() {
  const text = useText();
  const store = useActiveDocument()?.store;
  const { canUndo, canRedo } = useHistory(store);
  return (
    <Toolbar label={text("shell.history")}>
      <ToolbarItem>
        <IconButton
          label={text("shell.undo")}
          keys="mod+z"
          icon={Undo2}
          aria-disabled={!canUndo}
          onClick={stepBack}
        />
      </ToolbarItem>
      <ToolbarItem>
        <IconButton
          label={text("shell.redo")}
          keys="mod+shift+z"
          icon={Redo2}
          aria-disabled={!canRedo}
          onClick={stepForward}
        />
      </ToolbarItem>
    </Toolbar>
  );
}
