/** Says that the server does not answer, as long as it does not. */

import { Unplug } from "lucide-react";
import { useText } from "@/i18n/language";
import { reconnectNow, useConnection } from "@/server/socket";
import { Button } from "@/ui/button";
import styles from "./connection-banner.module.css";

/** A line over the canvas while the connection is lost; edits go on meanwhile. */
export function ConnectionBanner() {
  const text = useText();
  const lost = useConnection((state) => state.status === "lost");
  if (!lost) return null;
  return (
    <div className={styles.banner} role="status">
      <Unplug size={18} aria-hidden />
      <p className={styles.text}>
        <strong>{text("shell.connection-lost")}</strong> {text("shell.connection-lost-detail")}
      </p>
      <Button size="small" onClick={reconnectNow}>
        {text("shell.reconnect")}
      </Button>
    </div>
  );
}
