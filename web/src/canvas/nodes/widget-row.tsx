/** The row of one widget on a node. */

import { INSET, type WidgetPlace } from "@/geometry/node-box";
import { WidgetField } from "@/widgets/widget-field";
import type { NodeItem, Scene } from "../scene";
import styles from "./node-view.module.css";

interface WidgetRowProps {
  readonly scene: Scene;
  readonly item: NodeItem;
  readonly place: WidgetPlace;
  readonly problem: string | undefined;
}

/** A widget in its place. */
export function WidgetRow({ scene, item, place, problem }: WidgetRowProps) {
  return (
    <div
      className={styles.widget}
      style={{ left: INSET, right: INSET, top: place.y - item.box.y, height: place.height }}
    >
      <WidgetField
        store={scene.store}
        scope={scene.scope}
        node={item.record.raw.id}
        slot={place.slot}
        definition={item.definition}
        linked={place.linked}
        size="node"
        problem={problem}
      />
    </div>
  );
}
