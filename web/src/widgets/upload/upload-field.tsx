/** The button that puts a file on the server, and the picture that the widget names. */

import { Brush, Upload } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useRef, useState } from "react";
import type { InputDefinition } from "@/catalogue/definitions";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { fileOfValue, viewUrl } from "@/server/uploads";
import { classNames } from "@/ui/class-names";
import { Spinner } from "@/ui/spinner";
import type { FieldSize } from "../field";
import { openMaskEditor } from "../mask/mask-request";
import type { WidgetBinding } from "../widget-binding";
import styles from "./upload-field.module.css";
import { acceptedFiles, uploadInto } from "./upload-into";

interface UploadFieldProps {
  /** Writes the widget that holds the name of the file. */
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly input: InputDefinition;
  readonly label: string;
  readonly size: FieldSize;
}

/** Takes a file by the chooser, by drop and by paste; shows the one that is chosen. */
export function UploadField({ binding, value, input, label, size }: UploadFieldProps) {
  const text = useText();
  const chooser = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const accepted = acceptedFiles(input) ?? "";
  const masked = input.options.image_upload === true && typeof value === "string" && value !== "";
  const take = (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(true);
    uploadInto(binding, input, file).finally(() => setBusy(false));
  };
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.clipboardData.files[0]);
  };
  return (
    <fieldset
      className={classNames(styles.upload, "nopan", size === "sheet" && styles.large)}
      aria-label={text("widgets.file", { name: label })}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onPaste={paste}
    >
      <div className={styles.buttons}>
        <button
          type="button"
          className={classNames(styles.button, "nodrag")}
          disabled={busy}
          aria-busy={busy || undefined}
          onClick={() => chooser.current?.click()}
        >
          {busy ? <Spinner size={14} /> : <Upload size={14} aria-hidden />}
          {text(busy ? "widgets.uploading" : "widgets.upload")}
        </button>
        {masked && (
          <button
            type="button"
            className={classNames(styles.button, "nodrag")}
            onClick={() => openMaskEditor({ binding, title: label })}
          >
            <Brush size={14} aria-hidden />
            {text("widgets.paintMask")}
          </button>
        )}
      </div>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={accepted}
        onChange={({ currentTarget }) => {
          take(currentTarget.files?.[0]);
          currentTarget.value = "";
        }}
      />
      {typeof value === "string" && value !== "" && <Shown value={value} accepted={accepted} />}
    </fieldset>
  );
}

interface ShownProps {
  readonly value: string;
  readonly accepted: string;
}

/** The file that is chosen: a picture, or something to play. */
function Shown({ value, accepted }: ShownProps) {
  const text = useText();
  const [failed, setFailed] = useState<string | null>(null);
  const file = fileOfValue(value);
  const fail = () => setFailed(value);
  if (failed === value) return <p className={styles.failed}>{text("widgets.notShown", { name: value })}</p>;
  if (accepted.startsWith("audio")) {
    // biome-ignore lint/a11y/useMediaCaption: files of users come without captions
    return <audio className="nodrag" controls preload="none" src={viewUrl(file)} aria-label={value} />;
  }
  if (accepted.startsWith("video")) {
    return (
      <video
        className={classNames(styles.picture, "nodrag")}
        controls
        preload="metadata"
        muted
        src={viewUrl(file)}
        onError={fail}
        aria-label={value}
      />
    );
  }
  if (!accepted.startsWith("image")) return null;
  return (
    <img
      className={styles.picture}
      src={viewUrl(file, 512)}
      alt={text("widgets.pictureOf", { name: value })}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={fail}
    />
  );
}
