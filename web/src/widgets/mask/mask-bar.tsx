/** The tools of the mask painter. */

import { Contrast, Maximize, PaintBucket, Redo2, SquareDashed, Undo2, ZoomIn, ZoomOut } from "lucide-react";
import { useSyncExternalStore } from "react";
import { type TextKey, useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Slider } from "@/ui/slider";
import type { MaskBitmap } from "./mask-bitmap";
import styles from "./mask-editor.module.css";
import type { MaskStage } from "./mask-stage";
import { TOOLS, useTools } from "./mask-tools";

interface MaskBarProps {
  readonly mask: MaskBitmap;
  readonly stage: MaskStage | null;
}

/** Tools, brush, and what is done with the whole mask. */
export function MaskBar({ mask, stage }: MaskBarProps) {
  return (
    <div className={styles.bar}>
      <Tools />
      <View stage={stage} />
      <WholeMask mask={mask} />
      <BrushSliders />
    </div>
  );
}

function Tools() {
  const text = useText();
  const tool = useTools((state) => state.tool);
  return (
    <fieldset className={styles.group}>
      <legend className="sr-only">{text("widgets.maskTools")}</legend>
      {TOOLS.map((entry) => (
        <IconButton
          key={entry.tool}
          label={text(entry.label)}
          keys={entry.key}
          icon={entry.icon}
          pressed={tool === entry.tool}
          onClick={() => useTools.setState({ tool: entry.tool })}
        />
      ))}
    </fieldset>
  );
}

function WholeMask({ mask }: Pick<MaskBarProps, "mask">) {
  const text = useText();
  useSyncExternalStore(
    (changed) => mask.watch(changed),
    () => mask.turn,
  );
  return (
    <fieldset className={styles.group}>
      <legend className="sr-only">{text("widgets.maskWhole")}</legend>
      <IconButton
        label={text("widgets.maskUndo")}
        keys="mod+z"
        icon={Undo2}
        disabled={!mask.canUndo}
        onClick={() => mask.undo()}
      />
      <IconButton
        label={text("widgets.maskRedo")}
        keys="mod+y"
        icon={Redo2}
        disabled={!mask.canRedo}
        onClick={() => mask.redo()}
      />
      <IconButton
        label={text("widgets.maskInvert")}
        keys="mod+i"
        icon={Contrast}
        onClick={() => mask.invert()}
      />
      <IconButton label={text("widgets.maskFill")} icon={PaintBucket} onClick={() => mask.fill()} />
      <IconButton label={text("widgets.maskClear")} icon={SquareDashed} onClick={() => mask.clear()} />
    </fieldset>
  );
}

function View({ stage }: Pick<MaskBarProps, "stage">) {
  const text = useText();
  return (
    <fieldset className={styles.group}>
      <legend className="sr-only">{text("widgets.maskView")}</legend>
      <IconButton label={text("widgets.zoomIn")} keys="+" icon={ZoomIn} onClick={() => stage?.zoom(1.25)} />
      <IconButton label={text("widgets.zoomOut")} keys="-" icon={ZoomOut} onClick={() => stage?.zoom(0.8)} />
      <IconButton
        label={text("widgets.wholePicture")}
        keys="0"
        icon={Maximize}
        onClick={() => stage?.fit()}
      />
    </fieldset>
  );
}

interface BrushSlider {
  readonly key: "size" | "hardness" | "opacity";
  readonly label: TextKey;
  readonly min: number;
  /** Left out: as wide as suits the picture. */
  readonly max?: number;
  readonly step: number;
}

const SLIDERS: readonly BrushSlider[] = [
  { key: "size", label: "widgets.maskSize", min: 1, step: 1 },
  { key: "hardness", label: "widgets.maskHardness", min: 0, max: 1, step: 0.05 },
  { key: "opacity", label: "widgets.maskOpacity", min: 0.05, max: 1, step: 0.05 },
];

function BrushSliders() {
  const text = useText();
  const tools = useTools();
  return (
    <div className={styles.sliders}>
      {SLIDERS.map(({ key, label, min, max = tools.widest, step }) => (
        <div key={key} className={styles.slider}>
          <span aria-hidden>
            {text(label)} {key === "size" ? `${tools.size} px` : `${Math.round(tools[key] * 100)} %`}
          </span>
          <Slider
            label={text(label)}
            value={tools[key]}
            min={min}
            max={max}
            step={step}
            onChange={(value) => useTools.setState({ [key]: value })}
          />
        </div>
      ))}
    </div>
  );
}
