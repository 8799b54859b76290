/** The grid of a sweep over the whole window. */

import { Download, Fullscreen, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { text as translated, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { IconButton } from "@/ui/icon-button";
import { Slider } from "@/ui/slider";
import { toast } from "@/ui/toast";
import { fittingSize, SIZE } from "./cell-size";
import { extent } from "./cells";
import { exportGrid } from "./export-grid";
import { useNewView } from "./linked-view";
import { SweepGrid } from "./sweep-grid";
import type { Sweep } from "./sweep-state";
import styles from "./sweep-window.module.css";

interface SweepWindowProps {
  readonly document: OpenDocument;
  readonly sweep: Sweep;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** The grid with the size of its cells, the zoom of the pictures, and the way to a file. */
export function SweepWindow({ document, sweep, open, onOpenChange }: SweepWindowProps) {
  const text = useText();
  return (
    <Dialog
      title={text("sweep.window", { title: document.title })}
      size="full"
      open={open}
      onOpenChange={onOpenChange}
    >
      {open && <Content document={document} sweep={sweep} />}
    </Dialog>
  );
}

function Content({ document, sweep }: Pick<SweepWindowProps, "document" | "sweep">) {
  const text = useText();
  const view = useNewView();
  const [size, setSize] = useState(() => firstSize(sweep));
  return (
    <div className={styles.content}>
      <div className={styles.bar}>
        <span aria-hidden>{text("sweep.cell-size")}</span>
        <Slider
          className={styles.size}
          label={text("sweep.cell-size")}
          value={size}
          min={SIZE.min}
          max={SIZE.max}
          step={SIZE.step}
          valueText={`${size} px`}
          onChange={setSize}
        />
        <IconButton label={text("sweep.zoom-in")} icon={ZoomIn} onClick={() => view.zoom(1.5)} />
        <IconButton label={text("sweep.zoom-out")} icon={ZoomOut} onClick={() => view.zoom(1 / 1.5)} />
        <IconButton label={text("sweep.zoom-all")} icon={Fullscreen} onClick={view.reset} />
        <Button icon={Download} onClick={() => void save(document, sweep)}>
          {text("sweep.export")}
        </Button>
      </div>
      <SweepGrid document={document} sweep={sweep} size={size} view={view} />
    </div>
  );
}

/** Columns and rows fill the window, where the user has not chosen otherwise. */
function firstSize({ axes }: Sweep): number {
  const [columns, rows] = extent(axes.map(({ values }) => values));
  return fittingSize(columns, rows, window.innerWidth, window.innerHeight);
}

/** Save the grid as one picture; a failure is told. */
async function save(document: OpenDocument, sweep: Sweep): Promise<void> {
  try {
    await exportGrid(sweep, document.title);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    toast({ text: translated("sweep.not-exported"), detail, kind: "error", key: "sweep" });
  }
}
