/** The top of the sheet of a group or of a point: its name, the way back to the list, what takes it away. */

import { ArrowLeft, Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import styles from "./node-head.module.css";
import { showAll, takeFollow } from "./show-node";

interface ThingHeadProps {
  readonly title: string;
  readonly removing: string;
  readonly onRemove: () => void;
}

/** Takes the focus where the inspector itself went to it. */
export function ThingHead({ title, removing, onRemove }: ThingHeadProps) {
  const text = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFollow()) heading.current?.focus();
  }, []);
  const remove = () => {
    showAll();
    onRemove();
  };
  return (
    <header className={styles.head}>
      <div className={styles.row}>
        <IconButton label={text("widgets.allNodes")} icon={ArrowLeft} onClick={showAll} />
        <h3 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h3>
        <IconButton label={removing} icon={Trash2} onClick={remove} />
      </div>
    </header>
  );
}
