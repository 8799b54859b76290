/** Requests to the server that this page came from. */

import { parseExact, stringifyExact } from "@/document/exact-json";
import type { Json } from "@/document/records";
import { text } from "@/i18n/language";

/** A request that the server refused, or that did not reach it (`status` 0). */
export class ServerError extends Error {
  /**
   * @param status HTTP status; 0 where there was no answer.
   * @param kind Machine-readable name, such as `not_found`; empty where the server gave none.
   * @param message What is wrong, in one sentence.
   * @param details More of it, for people.
   * @param body The whole answer where it was JSON.
   */
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly details = "",
    readonly body: unknown = null,
  ) {
    super(message);
    this.name = "ServerError";
  }
}

/** What `fetch` takes, and `json`: a value that is sent as the body, whole numbers of any size exact. */
export interface JsonRequest extends RequestInit {
  readonly json?: unknown;
}

/** Paths that the server has only without `/api`. */
const BARE = /^\/(internal|templates|docs|extensions|ws)\b/;

/** Return the address of a route of the server, such as `/view?filename=a.png`, below any base path. */
export function apiUrl(path: string): string {
  const route = BARE.test(path) ? path : `/api${path}`;
  return new URL(`.${route}`, document.baseURI).href;
}

/** Return the answer of a request; throws a ServerError where it is refused or there is none. */
export async function request(path: string, init: JsonRequest = {}): Promise<Response> {
  const answer = await fetch(apiUrl(path), prepared(init)).catch((reason: unknown) => {
    if (init.signal?.aborted) throw reason;
    throw new ServerError(0, "unreachable", text("run.unreachable"), String(reason));
  });
  if (!answer.ok) throw await refused(answer);
  return answer;
}

/** Return the JSON that the server answers, undefined where it answers nothing; throws a ServerError. */
export async function fetchJson<T>(path: string, init: JsonRequest = {}): Promise<T> {
  const answer = await request(path, init);
  const body = await answer.text();
  return (body === "" ? undefined : parseExact(body)) as T;
}

function prepared({ json, ...init }: JsonRequest): RequestInit {
  if (json === undefined) return init;
  const headers = new Headers(init.headers);
  headers.set("Content-Type", "application/json");
  return { method: "POST", ...init, headers, body: stringifyExact(json as Json) };
}

/** Return why the server refused a request, from its answer. */
export async function refused(answer: Response): Promise<ServerError> {
  const body = await answer.text().catch(() => "");
  const told = json(body);
  const error = told && typeof told === "object" && "error" in told ? told.error : null;
  if (error && typeof error === "object") {
    const { type, message, details } = error as { type?: unknown; message?: unknown; details?: unknown };
    const sentence = typeof message === "string" && message !== "" ? message : nameOf(answer);
    return new ServerError(answer.status, plain(type), sentence, plain(details), told);
  }
  const sentence = typeof error === "string" && error !== "" ? error : nameOf(answer);
  return new ServerError(answer.status, "", sentence, told ? "" : body.slice(0, 500), told);
}

const plain = (value: unknown): string => (typeof value === "string" ? value : "");

const nameOf = (answer: Response): string => text("run.refused", { status: answer.status });

function json(body: string): unknown {
  try {
    return parseExact(body);
  } catch {
    return null;
  }
}
