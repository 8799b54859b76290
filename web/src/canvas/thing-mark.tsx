/** The keyboard on what is only painted: a group, or a point that wires are led through. */

import { useCallback, useSyncExternalStore } from "react";
import type { Point, RecordId } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { useCanvasState } from "./canvas-state";
import styles from "./nodes/node-view.module.css";
import { thingLabel } from "./nodes/node-words";
import type { Scene } from "./scene";

const NOWHERE: Point = [0, 0];

/** An element over the group or reroute that the keyboard is on; nothing while it is on a node. */
export function ThingMark({ scene }: { readonly scene: Scene }) {
  const id = useCanvasState(({ focused }) => focused);
  const subscribe = useCallback((changed: () => void) => scene.subscribe(changed), [scene]);
  const thing = useSyncExternalStore(subscribe, () => id && (scene.groups.get(id) ?? scene.reroutes.get(id)));
  return id && thing ? <Mark key={id} scene={scene} id={id} /> : null;
}

function Mark({ scene, id }: { readonly scene: Scene; readonly id: RecordId }) {
  const text = useText();
  const [dx, dy] = useCanvasState(({ drag }) => (drag?.ids.has(id) ? drag.offset : NOWHERE));
  const rect = scene.rectOf(id);
  if (!rect) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be placed freely, and is no thing to be moved
    <div
      role="group"
      aria-label={thingLabel(scene, id, text)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the canvas move it and take it away
      tabIndex={0}
      data-node={id}
      className={classNames(styles.node, styles.ghost, scene.reroutes.has(id) && styles.reroute)}
      style={{
        transform: `translate(${rect.x + dx}px, ${rect.y + dy}px)`,
        width: rect.width,
        height: rect.height,
      }}
    />
  );
}
