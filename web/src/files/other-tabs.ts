/** What tabs of one browser tell each other about the files that they have open. */

import { create } from "zustand";
import { useSession } from "@/editor/session";
import { takeInSaved } from "./merge-saved";
import { report } from "./report";
import { savedFile } from "./saved-file";
import { heldLocks, holdLock } from "./tab-locks";
import { newId } from "./this-browser";
import { currentTag } from "./user-workflows";

type Message =
  | { readonly kind: "open" | "here" | "closed"; readonly tab: string; readonly paths: readonly string[] }
  | { readonly kind: "saved"; readonly tab: string; readonly path: string; readonly tag: string };

interface OtherTabs {
  /** Which files each other tab has open, by the tab's name. */
  readonly open: Readonly<Record<string, readonly string[]>>;
}

/** Which files the other tabs of this browser have open. */
const useOtherTabs = create<OtherTabs>(() => ({ open: {} }));

const tab = newId();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("latentloom.files") : null;
const LOCK = "tab:";

/** Return whether another tab has the file open; the component is drawn anew when that changes. */
export function useIsElsewhere(path: string | null): boolean {
  return useOtherTabs(
    ({ open }) => path !== null && Object.values(open).some((paths) => paths.includes(path)),
  );
}

/** Tell other tabs that a file was saved. */
export function tellSaved(path: string, tag: string): void {
  channel?.postMessage({ kind: "saved", tab, path, tag } satisfies Message);
}

/** Begin to tell other tabs what is open here, to hear it of them, and to follow changes of open files. */
export function followOtherTabs(): void {
  if (channel) channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  holdLock(LOCK + tab);
  tell("open");
  useSession.subscribe(({ documents }, before) => {
    if (documents !== before.documents && paths(documents).join() !== paths(before.documents).join())
      tell("here");
  });
  addEventListener("pagehide", () => tell("closed"));
  addEventListener("pageshow", ({ persisted }) => persisted && tell("open"));
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void lookAround();
  });
}

const paths = (documents: readonly { readonly path: string | null }[]): readonly string[] =>
  documents.flatMap(({ path }) => path ?? []);

function tell(kind: "open" | "here" | "closed"): void {
  channel?.postMessage({ kind, tab, paths: paths(useSession.getState().documents) } satisfies Message);
}

function hear(message: Message): void {
  if (message.kind === "saved") {
    void takeIn(message.path, message.tag);
    return;
  }
  useOtherTabs.setState(({ open }) => {
    const { [message.tab]: _, ...others } = open;
    return { open: message.kind === "closed" ? others : { ...others, [message.tab]: message.paths } };
  });
  if (message.kind === "open") tell("here");
}

/** Take in what another tab, or anybody, saved in a file that is open here. */
async function takeIn(path: string, tag: string): Promise<void> {
  const open = useSession.getState().documents.find((one) => one.path === path);
  if (!open || savedFile(open.id)?.tag === tag) return;
  try {
    await takeInSaved(open);
  } catch (error) {
    report(error, "files.notMerged", { title: open.title });
  }
}

/** After a while away: which tabs are left, and whether somebody else saved the file that is shown. */
async function lookAround(): Promise<void> {
  const alive = await heldLocks(LOCK);
  useOtherTabs.setState(({ open }) => ({
    open: Object.fromEntries(Object.entries(open).filter(([name]) => alive.size === 0 || alive.has(name))),
  }));
  const { documents, activeId } = useSession.getState();
  const path = documents.find((one) => one.id === activeId)?.path;
  if (!path) return;
  const tag = await currentTag(path).catch(() => null);
  if (tag !== null) await takeIn(path, tag);
}
