/** The large view of results: zoomed and moved, compared, with what made them and what can be done with them. */

import { Dialog } from "radix-ui";
import { type KeyboardEvent, useState } from "react";
import { useText } from "@/i18n/language";
import { usePictureView } from "./use-picture-view";
import styles from "./viewer.module.css";
import { ViewerBar } from "./viewer-bar";
import { ViewerFacts } from "./viewer-facts";
import { ViewerStage } from "./viewer-stage";
import { closeViewer, stepViewer, toggleComparison, useViewer } from "./viewer-state";

/** Draws nothing while nothing is looked at. */
export default function Viewer() {
  const say = useText();
  const { items, index, other, side } = useViewer();
  const [facts, setFacts] = useState(false);
  const controls = usePictureView(side && other !== null ? 2 : 1);
  const item = index === null ? undefined : items[index];
  if (!item || index === null) return null;
  const compared = other === null ? undefined : items[other];
  const keys = new Map<string, () => void>([
    ["ArrowLeft", () => stepViewer(-1)],
    ["ArrowRight", () => stepViewer(1)],
    ["+", () => controls.zoomBy(1)],
    ["=", () => controls.zoomBy(1)],
    ["-", () => controls.zoomBy(-1)],
    ["0", controls.fit],
    ["1", controls.whole],
    ["c", toggleComparison],
    ["i", () => setFacts(!facts)],
  ]);
  const press = (event: KeyboardEvent) => {
    // A tooltip would take the key for itself.
    if (event.key === "Escape") closeViewer();
    if (event.target instanceof Element && event.target.closest("[role=slider], video, audio, input")) return;
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeViewer()}>
      <Dialog.Portal>
        <Dialog.Content
          className={styles.viewer}
          aria-describedby={undefined}
          onKeyDown={press}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.target instanceof HTMLElement) event.target.focus();
          }}
        >
          <Dialog.Title className="sr-only">{say("run.viewer")}</Dialog.Title>
          <ViewerBar
            item={item}
            place={index}
            count={items.length}
            controls={controls}
            comparing={compared !== undefined}
            facts={facts}
            setFacts={setFacts}
          />
          <div className={styles.middle}>
            <ViewerStage item={item} other={compared} controls={controls} />
            {facts && <ViewerFacts item={item} />}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
