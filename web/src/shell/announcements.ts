/** Says aloud what happens elsewhere than where the user is: runs that end, the connection. */

import { text } from "@/i18n/language";
import { onEvent } from "@/server/events";
import { useConnection } from "@/server/socket";
import { announce } from "@/ui/announce";

/** Have screen readers say it from now on. */
export function followEvents(): void {
  onEvent("execution_start", () => announce(text("shell.run-started")));
  onEvent("execution_success", () => announce(text("shell.run-done")));
  onEvent("execution_interrupted", () => announce(text("shell.run-stopped")));
  onEvent("execution_error", ({ exception_message: message }) =>
    announce(text("shell.run-failed", { reason: message.split("\n", 1)[0] ?? "" })),
  );
  useConnection.subscribe(({ status }, before) => {
    if (before.status === "lost" && status === "open") announce(text("shell.connection-back"));
  });
}
