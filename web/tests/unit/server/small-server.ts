/** A server on this machine that answers JSON, in the place of the one that a page comes from. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What was asked. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** Empty where none was sent. */
  readonly body: string;
}

/** What is answered, at once or later; null: there is no such thing. */
export type Answer = object | null | Promise<object | null>;

/** Serve requests of the page until the returned function is called. */
export async function serve(answer: (asked: Asked) => Answer): Promise<() => Promise<void>> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    const url = new URL(request.url ?? "", "http://server");
    const method = request.method ?? "";
    const told =
      method === "OPTIONS" ? {} : await answer({ method, url, body: Buffer.concat(parts).toString() });
    response.statusCode = told ? 200 : 404;
    response.end(JSON.stringify(told ?? { error: "there is nothing here" }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = document.createElement("base");
  base.href = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  document.head.append(base);
  return async () => {
    base.remove();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

/** Return a promise and what fulfils it. */
export function pending<T>(): { readonly promise: Promise<T>; readonly fulfil: (value: T) => void } {
  let fulfil: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    fulfil = resolve;
  });
  return { promise, fulfil };
}
