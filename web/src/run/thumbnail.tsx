/** A result in small: the picture, the beginning of the text, or a sign for what it is. */

import { FileText, Film, Music } from "lucide-react";
import { useState } from "react";
import { useConnection } from "@/server/socket";
import { classNames } from "@/ui/class-names";
import { thumbnailOf } from "./job-results";
import type { OutputItem } from "./outputs";
import styles from "./thumbnail.module.css";

interface ThumbnailProps {
  readonly item: OutputItem;
  /** So small that there is room for no words. */
  readonly tiny?: boolean;
}

/** Fills its place. A picture that cannot be had is tried again when the server is back. */
export function Thumbnail({ item, tiny = false }: ThumbnailProps) {
  const open = useConnection(({ status }) => status === "open");
  if (item.kind === "text" && !tiny) return <span className={styles.text}>{item.text}</span>;
  if (item.kind === "image") return <Picture key={String(open)} item={item} tiny={tiny} />;
  return <Sign item={item} tiny={tiny} />;
}

function Picture({ item, tiny }: { readonly item: OutputItem; readonly tiny: boolean }) {
  const [missing, setMissing] = useState(false);
  if (missing) return <Sign item={item} tiny={tiny} />;
  return (
    <img
      className={styles.picture}
      src={thumbnailOf(item)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setMissing(true)}
    />
  );
}

function Sign({ item, tiny }: { readonly item: OutputItem; readonly tiny: boolean }) {
  const Icon = item.kind === "video" ? Film : item.kind === "audio" ? Music : FileText;
  return (
    <span className={classNames(styles.sign, tiny && styles.tiny)}>
      <Icon size={tiny ? 18 : 24} strokeWidth={1.5} aria-hidden />
      {!tiny && <span>{item.filename}</span>}
    </span>
  );
}
