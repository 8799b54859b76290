/** Says aloud what happens elsewhere than where the user is: runs that end, the connection. */

import { type TextKey, text } from "@/i18n/language";
import { onEvent } from "@/server/events";
import { useConnection } from "@/server/socket";
import { announce } from "@/ui/announce";

/** What is heard anew after a reload was said before; what is older than this, in milliseconds, is no news. */
const NEWS = 30_000;

/** Have screen readers say it from now on. Of runs that fail, a message tells, which is heard as well. */
export function followEvents(): void {
  const say =
    (key: TextKey) =>
    ({ timestamp = Date.now() }: { readonly timestamp?: number }) => {
      if (Date.now() - timestamp < NEWS) announce(text(key));
    };
  onEvent("execution_start", say("shell.run-started"));
  onEvent("execution_success", say("shell.run-done"));
  onEvent("execution_interrupted", say("shell.run-stopped"));
  useConnection.subscribe(({ status }, before) => {
    if (before.status === "lost" && status === "open") announce(text("shell.connection-back"));
  });
}
