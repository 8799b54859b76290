/** The connection over which the server tells what happens. */

import { create } from "zustand";
import { parseExact } from "@/document/exact-json";
import { apiUrl } from "./api";
import { readBinary } from "./binary-message";
import { clientId } from "./client-id";
import { onEvent, tell } from "./events";
import { catchUpAll, type Message, takeMessage } from "./following";

export { onEvent };

interface Connection {
  readonly status: "connecting" | "open" | "lost";
  /** What the server can do, as it tells; empty before it has. */
  readonly features: Readonly<Record<string, unknown>>;
  /** When the next try is made, in milliseconds since 1970; null while none is planned. */
  readonly retryAt: number | null;
}

/** How the connection is. */
export const useConnection = create<Connection>(() => ({
  status: "connecting",
  features: {},
  retryAt: null,
}));

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** While jobs are left the server speaks every three seconds; milliseconds after which it is taken for gone. */
const SILENCE = 12_000;
/** What this editor understands besides ComfyUI's plain messages. */
const FLAGS = { supports_preview_metadata: true, supports_reports: true };

let socket: WebSocket | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let wasOpen = false;
let heardAt = 0;
let jobsLeft = false;

/** Open the connection and keep it open; a second call does nothing. */
export function connect(): void {
  if (socket) return;
  addEventListener("online", reconnectNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") reconnectNow();
  });
  onEvent("status", ({ status }) => {
    jobsLeft = status.exec_info.queue_remaining > 0;
  });
  setInterval(leaveDeadConnection, SILENCE / 3);
  void open();
}

/** A machine that went away says no goodbye; the browser would notice after minutes. */
function leaveDeadConnection(): void {
  const { status } = useConnection.getState();
  if (status !== "open" || !jobsLeft || Date.now() - heardAt < SILENCE || !socket) return;
  const dead = socket;
  lose(dead);
  dead.close();
}

/** Try at once where the connection is lost, instead of at the next planned time. */
export function reconnectNow(): void {
  if (useConnection.getState().retryAt === null) return;
  failures = 0;
  void open();
}

async function open(): Promise<void> {
  clearTimeout(timer);
  useConnection.setState({ retryAt: null });
  const client = encodeURIComponent(await clientId());
  // `after` asks the server to number its messages.
  const url = apiUrl(`/ws?clientId=${client}&after=0`).replace(/^http/, "ws");
  const opened = new WebSocket(url);
  opened.binaryType = "arraybuffer";
  opened.onopen = () => welcome(opened);
  opened.onmessage = ({ data }) => hear(data);
  opened.onclose = () => lose(opened);
  socket = opened;
}

function welcome(opened: WebSocket): void {
  failures = 0;
  heardAt = Date.now();
  opened.send(JSON.stringify({ type: "feature_flags", data: FLAGS }));
  useConnection.setState({ status: "open", retryAt: null });
  tell("connected", { again: wasOpen });
  wasOpen = true;
  void catchUpAll();
}

function hear(data: unknown): void {
  heardAt = Date.now();
  if (data instanceof ArrayBuffer) {
    const said = readBinary(data);
    if (said) tell(said.kind === "text" ? "progress_text" : "preview", said);
    return;
  }
  const message = parseExact(String(data)) as unknown as Message;
  if (message.type === "feature_flags") {
    useConnection.setState({ features: message.data as Record<string, unknown> });
  }
  takeMessage(message);
}

function lose(closed: WebSocket): void {
  if (socket !== closed || useConnection.getState().retryAt !== null) return;
  const pause = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
  failures += 1;
  useConnection.setState({ status: "lost", retryAt: Date.now() + pause });
  timer = setTimeout(() => void open(), pause);
}
