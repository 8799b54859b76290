/** Pictures and texts that a node made, on the node. */

import { useState } from "react";
import { titleOf } from "@/document/nodes";
import { INSET } from "@/geometry/node-box";
import { useText } from "@/i18n/language";
import type { NodeRun } from "@/run/node-run";
import type { OutputItem } from "@/run/outputs";
import { openViewer } from "@/run/viewer-state";
import { viewUrl } from "@/server/uploads";
import type { NodeItem } from "../scene";
import styles from "./node-view.module.css";

interface NodeOutputsProps {
  readonly item: NodeItem;
  readonly run: NodeRun;
  readonly room: { readonly y: number; readonly height: number };
}

/** What fits into the room below the widgets: the picture being made, else what was made last. */
export function NodeOutputs({ item, run, room }: NodeOutputsProps) {
  const text = useText();
  const [at, setAt] = useState(0);
  const shown = Math.min(at, Math.max(0, run.outputs.length - 1));
  const output = run.outputs[shown];
  const title = titleOf(item.record.raw, item.definition);
  const style = { left: INSET, right: INSET, top: room.y - item.box.y, height: room.height };
  return (
    <div className={styles.outputs} style={style}>
      {run.preview ? (
        <img
          className={styles.picture}
          src={run.preview}
          alt={text("canvas.previewOf", { title })}
          draggable={false}
        />
      ) : (
        output && <Output output={output} title={title} onOpen={() => openViewer(run.outputs, shown)} />
      )}
      {!run.preview && run.outputs.length > 1 && (
        <button
          type="button"
          className={styles.counter}
          aria-label={text("canvas.nextOutput", { at: shown + 1, count: run.outputs.length })}
          onClick={() => setAt((shown + 1) % run.outputs.length)}
        >
          {shown + 1} / {run.outputs.length}
        </button>
      )}
    </div>
  );
}

interface OutputProps {
  readonly output: OutputItem;
  readonly title: string;
  readonly onOpen: () => void;
}

function Output({ output, title, onOpen }: OutputProps) {
  const text = useText();
  switch (output.kind) {
    case "image":
      return (
        <button
          type="button"
          className={styles.openPicture}
          onClick={onOpen}
          aria-label={text("canvas.openPicture", { title })}
        >
          <img
            className={styles.picture}
            src={viewUrl(output, 1024)}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
          />
        </button>
      );
    case "video":
      // biome-ignore lint/a11y/useMediaCaption: what a workflow made has no captions
      return <video className={styles.picture} src={output.url} controls loop preload="metadata" />;
    case "audio":
      // biome-ignore lint/a11y/useMediaCaption: what a workflow made has no captions
      return <audio className={styles.sound} src={output.url} controls preload="metadata" />;
    case "text":
      return <pre className={styles.outputText}>{output.text}</pre>;
    case "other":
      return (
        <a className={styles.file} href={output.url} download={output.filename}>
          {output.filename}
        </a>
      );
  }
}
