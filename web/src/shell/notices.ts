/** Notifications of the system about runs that end while the window is hidden, where the user wants them. */

import { changeSetting, onSetting, setting } from "@/editor/settings";
import { text } from "@/i18n/language";
import { onRunsEnd } from "@/run/run-ends";
import { toast } from "@/ui/toast";

const NAME = "Latentloom";

/** Tell of runs from now on; the browser is asked for leave when the user switches this on. */
export function followNotices(): void {
  onSetting("notify", (on) => {
    // At the start nobody has pressed anything, and browsers hear such a question only after a press.
    if (on && navigator.userActivation?.hasBeenActive) void askLeave();
  });
  onRunsEnd(({ text: body }) => {
    if (setting("notify") && document.hidden) show(body);
  });
}

async function askLeave(): Promise<void> {
  const leave = "Notification" in window ? await Notification.requestPermission() : "denied";
  if (leave === "granted") return;
  changeSetting("notify", false);
  toast({ text: text("shell.notify-denied"), kind: "warning", key: "notify" });
}

function show(body: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(NAME, {
    body,
    tag: NAME,
    icon: new URL("icon.svg", document.baseURI).href,
  });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
