/** The place from which announcements are read; nothing is seen. Mounted once. */

import { useAnnouncement } from "./announce";

/** The place from which screen readers take what `announce` says; once on a page. */
export function Announcer() {
  const { text, turn } = useAnnouncement();
  return (
    <div className="sr-only" role="status" aria-live="polite" aria-atomic="true">
      {/* A new element for each sentence, so that the same one twice is said twice. */}
      <span key={turn}>{text}</span>
    </div>
  );
}
