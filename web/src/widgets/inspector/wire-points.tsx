/** The points that a wire is led through. */

import { GitCommitHorizontal } from "lucide-react";
import { idOf, type LinkRecord } from "@/document/records";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { pointsOf } from "./reroutes";
import { showNode } from "./show-node";
import type { Place } from "./wire-ends";
import styles from "./wires.module.css";

/** A button for each point, from the origin on, which goes to its sheet; nothing where there are none. */
export function WirePoints({ place, link }: { readonly place: Place; readonly link: LinkRecord }) {
  const text = useText();
  const points = pointsOf(place, link);
  if (points.length === 0) return null;
  return (
    <span className={styles.points}>
      {points.map((point, at) => (
        <Button
          key={point.raw.id}
          kind="quiet"
          size="small"
          icon={GitCommitHorizontal}
          onClick={() => showNode(idOf(point))}
        >
          {text("widgets.point", { count: at + 1 })}
        </Button>
      ))}
    </span>
  );
}
