/** The bar over a result: which one it is, and what can be done with it. */

import {
  Blend,
  Columns2,
  Copy,
  Download,
  FolderOpen,
  ImageUp,
  Info,
  Maximize,
  SquareSplitHorizontal,
  Trash2,
  X,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { openJob } from "./queue-actions";
import type { PictureControls } from "./use-picture-view";
import styles from "./viewer.module.css";
import { copyPicture, deleteResult, download, takeAsInput } from "./viewer-actions";
import { closeViewer, toggleComparison, useViewer, type ViewedItem } from "./viewer-state";

interface ViewerBarProps {
  readonly item: ViewedItem;
  readonly place: number;
  readonly count: number;
  readonly controls: PictureControls;
  readonly comparing: boolean;
  readonly facts: boolean;
  readonly setFacts: (shown: boolean) => void;
}

/** One line at the top. */
export function ViewerBar({ item, place, count, controls, comparing, facts, setFacts }: ViewerBarProps) {
  const say = useText();
  return (
    <header className={styles.bar}>
      <div className={styles.names}>
        <span className={styles.name}>{item.title ?? item.filename}</span>
        <span className={styles.place}>{say("run.viewerPlace", { place: place + 1, count })}</span>
      </div>
      <div className={styles.actions} role="toolbar" aria-label={say("run.viewer")}>
        {item.kind === "image" && <ZoomButtons controls={controls} />}
        {item.kind === "image" && count > 1 && (
          <IconButton
            label={say(comparing ? "run.compareEnd" : "run.compare")}
            icon={SquareSplitHorizontal}
            keys="c"
            pressed={comparing}
            onClick={toggleComparison}
          />
        )}
        {comparing && <SideButton />}
        <FileButtons item={item} />
        {item.job !== undefined && (
          <IconButton
            label={say("run.showFacts")}
            icon={Info}
            keys="i"
            pressed={facts}
            onClick={() => setFacts(!facts)}
          />
        )}
      </div>
      <IconButton
        label={say("common.close")}
        icon={X}
        keys="escape"
        className={styles.close}
        onClick={closeViewer}
      />
    </header>
  );
}

function SideButton() {
  const say = useText();
  const side = useViewer((state) => state.side);
  return (
    <IconButton
      label={say(side ? "run.compareOver" : "run.compareSide")}
      icon={side ? Blend : Columns2}
      onClick={() => useViewer.setState({ side: !side })}
    />
  );
}

function ZoomButtons({ controls }: { readonly controls: PictureControls }) {
  const say = useText();
  return (
    <>
      <IconButton label={say("run.zoomOut")} icon={ZoomOut} keys="-" onClick={() => controls.zoomBy(-1)} />
      <button
        type="button"
        className={styles.zoom}
        aria-label={say("run.zoomWhole")}
        title={say("run.zoomWhole")}
        onClick={controls.whole}
      >
        {Math.round(controls.view.zoom * 100)} %
      </button>
      <IconButton label={say("run.zoomIn")} icon={ZoomIn} keys="+" onClick={() => controls.zoomBy(1)} />
      <IconButton label={say("run.zoomFit")} icon={Maximize} keys="0" onClick={controls.fit} />
    </>
  );
}

function FileButtons({ item }: { readonly item: ViewedItem }) {
  const say = useText();
  const { job } = item;
  const open = () => {
    if (job === undefined) return;
    closeViewer();
    void openJob(job, item.title ?? item.filename);
  };
  return (
    <>
      {item.kind === "image" && (
        <IconButton label={say("run.copyPicture")} icon={Copy} onClick={() => void copyPicture(item)} />
      )}
      <IconButton label={say("run.download")} icon={Download} onClick={() => download(item)} />
      {item.kind === "image" && (
        <IconButton label={say("run.useAsInput")} icon={ImageUp} onClick={() => void takeAsInput(item)} />
      )}
      {job !== undefined && <IconButton label={say("run.openThis")} icon={FolderOpen} onClick={open} />}
      {job !== undefined && (
        <IconButton label={say("run.deleteResult")} icon={Trash2} onClick={() => void deleteResult(item)} />
      )}
    </>
  );
}
