/** The title of a node: the arrow that folds it, its name, and marks. */

import {
  Archive,
  Box,
  CircleSlash2,
  FlaskConical,
  type LucideIcon,
  Pin,
  Redo2,
  Workflow,
} from "lucide-react";
import { titleOf } from "@/document/nodes";
import { MODE } from "@/document/records";
import { subgraphOf } from "@/document/subgraphs";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { setCanvasState, useCanvasState } from "../canvas-state";
import { enter, rename } from "../editing";
import { convertGroup, isGroup } from "../group-node";
import type { NodeItem, Scene } from "../scene";
import styles from "./node-view.module.css";
import { TitleInput } from "./title-input";

interface NodeTitleProps {
  readonly scene: Scene;
  readonly item: NodeItem;
}

/** The strip at the top of a node. */
export function NodeTitle({ scene, item }: NodeTitleProps) {
  const renaming = useCanvasState((state) => state.renaming === item.id);
  const title = titleOf(item.record.raw, item.definition);
  return (
    <header className={styles.title} data-title>
      <span className={classNames(styles.fold, item.box.collapsed && styles.folded)} aria-hidden />
      {renaming ? (
        <TitleInput
          value={title}
          onDone={(value) => {
            setCanvasState({ renaming: null });
            if (value !== null) rename(scene, item, value);
          }}
        />
      ) : (
        <span className={styles.name} title={item.definition?.description || title}>
          {title}
        </span>
      )}
      <Marks scene={scene} item={item} />
    </header>
  );
}

function Marks({ scene, item }: NodeTitleProps) {
  const text = useText();
  const { raw } = item.record;
  return (
    <span className={styles.marks}>
      {item.definition?.experimental && (
        <FlaskConical size={13} role="img" aria-label={text("canvas.experimental")} />
      )}
      {item.definition?.deprecated && <Archive size={13} role="img" aria-label={text("canvas.deprecated")} />}
      {raw.flags?.pinned === true && <Pin size={13} aria-hidden />}
      {raw.mode === MODE.muted && <CircleSlash2 size={14} aria-hidden />}
      {raw.mode === MODE.bypassed && <Redo2 size={14} aria-hidden />}
      {subgraphOf(scene.store.records, raw) && (
        <TitleButton label={text("canvas.openSubgraph")} icon={Workflow} act={() => enter(scene, item)} />
      )}
      {isGroup(scene, item) && (
        <TitleButton label={text("document.convertGroup")} icon={Box} act={() => convertGroup(scene, item)} />
      )}
    </span>
  );
}

interface TitleButtonProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly act: () => void;
}

/** The keyboard has the node's menu for this. */
function TitleButton({ label, icon: Icon, act }: TitleButtonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.open}
      aria-label={label}
      title={label}
      onClick={act}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}
