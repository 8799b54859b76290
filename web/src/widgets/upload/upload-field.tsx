/** The button that puts a file on the server, and the picture that the widget names. */

import { Brush, Upload } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type SyntheticEvent, useRef, useState } from "react";
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

/** Return the handlers that take a file that is dropped or pasted, and whether one is held over the field. */
function useTaking(take: (file: File | undefined) => void) {
  const [over, setOver] = useState(false);
  const taken = (event: SyntheticEvent, files: FileList) => {
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    take(files[0]);
  };
  return {
    "data-over": over || undefined,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => taken(event, event.dataTransfer.files),
    onPaste: (event: ClipboardEvent) => taken(event, event.clipboardData.files),
  };
}

/** Takes a file by the chooser, by drop and by paste; shows the one that is chosen. */
export function UploadField({ binding, value, input, label, size }: UploadFieldProps) {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const accepted = acceptedFiles(input) ?? "";
  const named = typeof value === "string" && value !== "";
  const take = (file: File | undefined) => {
    if (!file || busy) return;
    setBusy(true);
    uploadInto(binding, input, file).finally(() => setBusy(false));
  };
  const taking = useTaking(take);
  return (
    <fieldset
      className={classNames(styles.upload, "nopan", size === "sheet" && styles.large)}
      aria-label={text("widgets.file", { name: label })}
      {...taking}
    >
      <div className={styles.buttons}>
        <Chooser accepted={accepted} busy={busy} onChoose={take} />
        {named && input.options.image_upload === true && (
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
      {named && <Shown value={value} accepted={accepted} />}
    </fieldset>
  );
}

interface ChooserProps {
  readonly accepted: string;
  readonly busy: boolean;
  readonly onChoose: (file: File | undefined) => void;
}

/** The button that opens the browser's chooser of files. */
function Chooser({ accepted, busy, onChoose }: ChooserProps) {
  const text = useText();
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
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
      <input
        ref={chooser}
        type="file"
        hidden
        accept={accepted}
        onChange={({ currentTarget }) => {
          onChoose(currentTarget.files?.[0]);
          currentTarget.value = "";
        }}
      />
    </>
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
