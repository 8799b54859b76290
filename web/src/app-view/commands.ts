import type { Command } from "@/editor/command";
import { activeDocument } from "@/editor/session";
import { appName, copyAppLink } from "./app-link";

/** Return the name of the active workflow's app; null where it is not saved. */
function activeName(): string | null {
  const document = activeDocument();
  return document ? appName(document) : null;
}

/** What is done with apps. */
export const commands: readonly Command[] = [
  {
    id: "app.open",
    group: "file",
    label: "app.open",
    enabled: () => activeName() !== null,
    run: () => {
      const name = activeName();
      if (name !== null) open(`?${new URLSearchParams({ app: name })}`, "_blank", "noopener");
    },
  },
  {
    id: "app.copy-link",
    group: "file",
    label: "app.copy-link",
    enabled: () => activeName() !== null,
    run: async () => {
      const document = activeDocument();
      const name = document && appName(document);
      if (document && name) await copyAppLink(document, name);
    },
  },
];
