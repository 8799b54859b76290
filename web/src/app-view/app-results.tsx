/** What an app made: the picture that is being made, the last results, and those of before. */

import { CircleAlert, Download, ImageIcon, ImageOff, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import type { OutputItem } from "@/run/outputs";
import { openViewer } from "@/run/viewer-state";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Spinner } from "@/ui/spinner";
import type { AppField } from "./app-fields";
import styles from "./app-results.module.css";
import { forgetMade } from "./app-run";
import { useAnyPreview } from "./running-preview";
import { type Made, useRunsOf } from "./runs-state";
import { applyValues } from "./shared-values";

interface AppResultsProps {
  readonly document: OpenDocument;
  readonly fields: readonly AppField[];
}

/** The results of the run that is looked at, the newest unless the user chose another one. */
export function AppResults({ document, fields }: AppResultsProps) {
  const text = useText();
  const { open, made, failure } = useRunsOf(document.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = made.find(({ job }) => job === chosen) ?? made[0];
  return (
    <section className={styles.results} aria-label={text("app.results")} aria-busy={open.length > 0}>
      {failure !== null && <Failure why={failure} />}
      {open.length > 0 && chosen === null && <Making documentId={document.id} />}
      {shown ? (
        <Shown made={shown} />
      ) : (
        open.length === 0 &&
        failure === null && (
          <EmptyState icon={ImageIcon} title={text("app.no-results")} text={text("app.no-results-text")} />
        )
      )}
      {made.length > 1 && <History made={made} shown={shown} onChoose={setChosen} />}
      {shown && (
        <div className={styles.ways}>
          <Button
            size="small"
            icon={RotateCcw}
            onClick={() => applyValues(fields, document.store, shown.values)}
          >
            {text("app.use-values")}
          </Button>
          <Button size="small" kind="quiet" icon={Trash2} onClick={() => forgetMade(document)}>
            {text("app.forget")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Why the last run gave nothing; all of it for those who want to read on. */
function Failure({ why }: { readonly why: string }) {
  const text = useText();
  const [first = "", ...rest] = why.split("\n").filter((line) => line.trim() !== "");
  return (
    <div className={styles.failure} role="alert">
      <p>
        <CircleAlert size={16} aria-hidden />
        {text("app.failed", { why: first })}
      </p>
      {rest.length > 0 && <pre>{rest.join("\n")}</pre>}
    </div>
  );
}

/** The picture that is being made, as far as there is one. */
function Making({ documentId }: { readonly documentId: string }) {
  const text = useText();
  const preview = useAnyPreview(documentId);
  return (
    <div className={styles.making}>
      {preview ? <img src={preview} alt={text("app.preview")} /> : <Spinner />}
    </div>
  );
}

function Shown({ made }: { readonly made: Made }) {
  const text = useText();
  if (made.items.length === 0) return <p className={styles.none}>{text("app.no-output")}</p>;
  return (
    <div className={styles.items} data-count={Math.min(made.items.length, 4)}>
      {made.items.map((item, at) => (
        <Item key={`${item.url} ${item.text ?? ""}`} item={item} onOpen={() => openViewer(made.items, at)} />
      ))}
    </div>
  );
}

function Item({ item, onOpen }: { readonly item: OutputItem; readonly onOpen: () => void }) {
  const text = useText();
  if (item.kind === "text") return <pre className={styles.text}>{item.text}</pre>;
  return (
    <figure className={styles.item}>
      <Look item={item} onOpen={onOpen} />
      <a className={styles.download} href={item.url} download={item.filename}>
        <Download size={16} aria-hidden />
        {text("app.download", { name: item.filename })}
      </a>
    </figure>
  );
}

/** A picture, a film or a sound; other files only have their name. */
function Look({ item, onOpen }: { readonly item: OutputItem; readonly onOpen: () => void }) {
  const text = useText();
  const { kind, url, filename } = item;
  const [gone, setGone] = useState(false);
  if (gone) {
    return (
      <p className={styles.gone}>
        <ImageOff size={20} aria-hidden />
        {text("app.gone", { name: filename })}
      </p>
    );
  }
  if (kind === "image") {
    return (
      <button type="button" className={styles.picture} title={text("app.larger")} onClick={onOpen}>
        <img
          src={url}
          alt={filename}
          onLoad={({ currentTarget }) => capSize(currentTarget)}
          onError={() => setGone(true)}
        />
      </button>
    );
  }
  return <Played kind={kind} url={url} name={filename} />;
}

/** Small pictures are shown larger, but not as a blur: up to four times their size. */
const MOST_TIMES = 4;

function capSize(picture: HTMLImageElement): void {
  picture.style.width = `${picture.naturalWidth * MOST_TIMES}px`;
}

interface PlayedProps {
  readonly kind: OutputItem["kind"];
  readonly url: string;
  readonly name: string;
}

/** A film or a sound. Files that workflows make come without captions. */
function Played({ kind, url, name }: PlayedProps) {
  // biome-ignore lint/a11y/useMediaCaption: there are none
  if (kind === "audio") return <audio src={url} controls aria-label={name} />;
  if (kind !== "video") return null;
  // biome-ignore lint/a11y/useMediaCaption: there are none
  return <video className={styles.film} src={url} controls loop aria-label={name} />;
}

interface HistoryProps {
  readonly made: readonly Made[];
  readonly shown: Made | undefined;
  readonly onChoose: (job: string | null) => void;
}

/** A small picture of each run that this browser knows of. */
function History({ made, shown, onChoose }: HistoryProps) {
  const text = useText();
  return (
    <ol className={styles.history} aria-label={text("app.history")}>
      {made.map((one, at) => {
        const picture = one.items.find(({ kind }) => kind === "image");
        return (
          <li key={one.job}>
            <button
              type="button"
              aria-pressed={one === shown}
              aria-label={text("app.history-run", { number: made.length - at })}
              onClick={() => onChoose(at === 0 ? null : one.job)}
            >
              {picture ? <img src={picture.url} alt="" loading="lazy" /> : <span>{made.length - at}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
