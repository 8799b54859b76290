/** The title of a group while it is typed. */

import { amendGroup } from "@/document/groups";
import { giveFocus } from "./camera";
import { setCanvasState, useCanvasState } from "./canvas-state";
import { TitleInput } from "./nodes/title-input";
import { GROUP_TITLE } from "./paint/paint-groups";
import type { Scene } from "./scene";

/** A field over the title of the group that is renamed; inside what moves with the view. */
export function GroupTitle({ scene }: { readonly scene: Scene }) {
  const renaming = useCanvasState((state) => state.renaming);
  const group = renaming ? scene.groups.get(renaming) : undefined;
  if (!group) return null;
  const { rect, record } = group;
  const done = (value: string | null) => {
    setCanvasState({ renaming: null });
    giveFocus(group.id);
    if (value === null || value === record.raw.title) return;
    scene.store.transact("canvas.rename", (tx) => amendGroup(tx, scene.scope, record.key, { title: value }));
  };
  return (
    <div
      style={{
        position: "absolute",
        display: "flex",
        alignItems: "center",
        padding: "0 6px",
        transform: `translate(${rect.x}px, ${rect.y}px)`,
        width: Math.max(160, rect.width),
        height: GROUP_TITLE,
      }}
    >
      <TitleInput value={record.raw.title ?? ""} onDone={done} />
    </div>
  );
}
