/** The result itself, or two of them, in the large view. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type CSSProperties, useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Slider } from "@/ui/slider";
import type { PictureView } from "./picture-view";
import type { PictureControls } from "./use-picture-view";
import styles from "./viewer.module.css";
import { stepViewer, useViewer, type ViewedItem } from "./viewer-state";

interface ViewerStageProps {
  readonly item: ViewedItem;
  /** The one it is compared with: drawn at the right of a line that can be moved. */
  readonly other: ViewedItem | undefined;
  readonly controls: PictureControls;
}

/** The frame in which results are shown. */
export function ViewerStage({ item, other, controls }: ViewerStageProps) {
  const say = useText();
  const { index, items, side } = useViewer();
  return (
    <div className={styles.stage}>
      {other && !side ? (
        <Over item={item} other={other} controls={controls} />
      ) : (
        <div ref={controls.frame} className={styles.frame}>
          <div className={other ? styles.half : styles.over}>
            <Result item={item} controls={controls} />
          </div>
          {other && (
            <div className={styles.half}>
              <Result item={other} controls={controls} />
            </div>
          )}
        </div>
      )}
      {items.length > 1 && (
        <>
          <IconButton
            label={say("run.previous")}
            icon={ChevronLeft}
            className={styles.back}
            disabled={index === 0}
            onClick={() => stepViewer(-1)}
          />
          <IconButton
            label={say("run.next")}
            icon={ChevronRight}
            className={styles.on}
            disabled={index === items.length - 1}
            onClick={() => stepViewer(1)}
          />
        </>
      )}
    </div>
  );
}

interface OverProps extends ViewerStageProps {
  readonly other: ViewedItem;
}

/** One result over the other, up to a line. */
function Over({ item, other, controls }: OverProps) {
  const say = useText();
  const [split, setSplit] = useState(50);
  return (
    <>
      <div ref={controls.frame} className={styles.frame}>
        <Result item={item} controls={controls} />
        <div className={styles.over} style={{ clipPath: `inset(0 0 0 ${split}%)` }}>
          <Result item={other} controls={controls} />
        </div>
        <span className={styles.split} style={{ insetInlineStart: `${split}%` }} aria-hidden />
      </div>
      <div className={styles.slider}>
        <Slider
          label={say("run.compareSlider")}
          value={split}
          min={0}
          max={100}
          onChange={setSplit}
          valueText={`${split} %`}
        />
      </div>
    </>
  );
}

function Result({ item, controls }: { readonly item: ViewedItem; readonly controls: PictureControls }) {
  const say = useText();
  const name = item.filename || item.title || "";
  switch (item.kind) {
    case "image":
      return (
        <img
          key={item.url}
          className={styles.picture}
          style={placed(controls.view)}
          src={item.url}
          alt={say("run.imageAlt", { title: item.title ?? item.filename })}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
            controls.setSize({ width, height })
          }
        />
      );
    case "video":
      return <Film item={item} />;
    case "audio":
      // biome-ignore lint/a11y/useMediaCaption: what a workflow makes has no captions
      return <audio key={item.url} className={styles.sound} src={item.url} controls aria-label={name} />;
    case "text":
      return <pre className={styles.text}>{item.text}</pre>;
    default:
      return <p className={styles.text}>{say("run.notAPicture")}</p>;
  }
}

function Film({ item: { url, filename } }: { readonly item: ViewedItem }) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: what a workflow makes has no captions
    <video key={url} className={styles.media} src={url} controls loop autoPlay aria-label={filename} />
  );
}

const placed = ({ x, y, zoom }: PictureView): CSSProperties => ({
  transform: `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${zoom})`,
  imageRendering: zoom > 8 ? "pixelated" : "auto",
});
