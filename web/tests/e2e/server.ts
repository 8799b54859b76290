/** A real server in a process of its own, beneath a base folder of its own. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The folder of the editor's source. */
export const WEB = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ROOT = dirname(WEB);
const LOOM = join(ROOT, ".venv", "bin", "loom");
const PATIENCE_MS = 60_000;
const DEADLINE_MS = 30_000;

/** How a server is started. */
export interface ServerOptions {
  /** Further arguments of `loom serve`. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder with its `input`, `output` and `user`; one is made, and removed at the end, where not given. */
  readonly base?: string;
}

/** A running server. */
export interface Server {
  /** Where it answers, without a slash at the end; the same after a restart. */
  readonly url: string;
  /** Folder with its `input`, `output`, `user` and `custom_nodes`. */
  readonly base: string;
  /** What it has written so far. */
  log(): string;
  /** Send it a signal and wait until it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Start it again at the same address; ended before where it runs. */
  restart(): Promise<void>;
  /** End it and remove its folder. */
  stop(): Promise<void>;
}

/**
 * Start `loom serve` with the checkout's models on the CPU and wait until it answers.
 *
 * It serves `web/dist`, which is built first where a source file is newer; the environment's
 * `LOOM_WEB_ROOT` names another build.
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  if (!process.env.LOOM_WEB_ROOT) buildOnce();
  const base = options.base ?? mkdtempSync(join(tmpdir(), "loom-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child = await started(base, port, options);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended(child);
  };
  return {
    url,
    base,
    log: () => readFileSync(join(base, "server.log"), "utf8"),
    kill,
    restart: async () => {
      if (isRunning(child)) await kill("SIGTERM");
      child = await started(base, port, options);
    },
    stop: async () => {
      if (isRunning(child)) await kill("SIGTERM");
      if (!options.base) rmSync(base, { recursive: true, force: true });
    },
  };
}

async function started(base: string, port: number, options: ServerOptions): Promise<ChildProcess> {
  const log = openSync(join(base, "server.log"), "a");
  const root = process.env.LOOM_WEB_ROOT;
  const pages = root ? ["--web-root", root] : [];
  const args = ["serve", "--port", String(port), "--base-directory", base, "--cpu", ...pages];
  const child = spawn(LOOM, [...args, ...(options.args ?? [])], {
    cwd: base,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      LOOM_MODELS: join(ROOT, "models"),
      OMP_NUM_THREADS: "1",
      ...options.environment,
    },
  });
  const until = Date.now() + PATIENCE_MS;
  while (!(await answers(port))) {
    if (!isRunning(child) || Date.now() > until) {
      throw new Error(`the server does not answer:\n${readFileSync(join(base, "server.log"), "utf8")}`);
    }
    await sleep(20);
  }
  return child;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/prompt`)).ok;
  } catch {
    return false;
  }
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function ended(child: ChildProcess): Promise<void> {
  const until = Date.now() + DEADLINE_MS;
  while (isRunning(child)) {
    if (Date.now() > until) child.kill("SIGKILL");
    await sleep(10);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function buildOnce(): void {
  const page = join(WEB, "dist", "index.html");
  const sources = [join(WEB, "src"), join(WEB, "index.html"), join(WEB, "vite.config.ts")];
  if (existsSync(page) && Math.max(...sources.map(newest)) <= statSync(page).mtimeMs) return;
  const vite = join(WEB, "node_modules", "vite", "bin", "vite.js");
  // A build under the name of a test would hold React's development version.
  const env = { ...process.env, NODE_ENV: "production" };
  const done = spawnSync(process.execPath, [vite, "build"], { cwd: WEB, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the editor cannot be built:\n${done.stdout}${done.stderr}`);
}

function newest(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
