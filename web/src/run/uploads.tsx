/** Files on their way to the server, over the editor: how much of each is sent, and a way to take it back. */

import { Upload, X } from "lucide-react";
import { useText } from "@/i18n/language";
import { type RunningUpload, useRunningUploads } from "@/server/running-uploads";
import { IconButton } from "@/ui/icon-button";
import { ProgressBar } from "@/ui/progress-bar";
import styles from "./uploads.module.css";

/** Nothing while nothing is sent; what is sent in a moment is never seen. Mounted once. */
export function Uploads() {
  const say = useText();
  const uploads = useRunningUploads((state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <section className={styles.place} aria-label={say("run.uploads")}>
      {uploads.map((upload) => (
        <UploadCard key={upload.id} upload={upload} />
      ))}
    </section>
  );
}

function UploadCard({ upload: { name, done, cancel } }: { readonly upload: RunningUpload }) {
  const say = useText();
  return (
    <div className={styles.card}>
      <Upload size={16} strokeWidth={1.75} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <p className={styles.line}>
          <span className={styles.name}>{name}</span>
          {done !== null && <span className={styles.share}>{Math.floor(done * 100)} %</span>}
        </p>
        <ProgressBar label={say("run.uploading", { name })} value={done} />
      </div>
      <IconButton label={say("run.uploadCancel", { name })} icon={X} size="small" onClick={cancel} />
    </div>
  );
}
