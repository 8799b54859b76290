/** Lists that a pack's own route gives, asked for when they are opened. */

import { useSyncExternalStore } from "react";
import type { InputDefinition } from "@/catalogue/definitions";
import { isObject, type Json } from "@/document/records";
import { text } from "@/i18n/language";
import { fetchJson } from "@/server/api";
import { toast } from "@/ui/toast";

const lists = new Map<string, readonly Json[]>();
const watchers = new Set<() => void>();

/** Return the route of an input's list on this server, or undefined where its list comes with its definition. */
export function routeOf(input: InputDefinition | undefined): string | undefined {
  const remote = input?.options.remote;
  const route = isObject(remote) ? remote.route : undefined;
  return typeof route === "string" && /^\/(?!\/)/.test(route) ? route.replace(/^\/api(?=\/)/, "") : undefined;
}

/** Return the choices in an answer: the list itself, or the one under the key that the input names. */
export function choicesIn(answer: unknown, input: InputDefinition): readonly Json[] {
  const remote = input.options.remote;
  const key = isObject(remote) ? remote.response_key : undefined;
  const found = typeof key === "string" && isObject(answer) ? answer[key] : answer;
  return Array.isArray(found) ? (found as readonly Json[]).filter((one) => !isObject(one)) : [];
}

/** Read a list from its route. What goes wrong is told in a message, and the list stays as it was. */
export async function loadRemote(input: InputDefinition): Promise<void> {
  const route = routeOf(input);
  if (route === undefined) return;
  try {
    lists.set(route, choicesIn(await fetchJson(route), input));
    for (const watcher of watchers) watcher();
  } catch (reason) {
    toast({ kind: "error", text: text("widgets.listNotRead"), detail: String(reason), key: route });
  }
}

const NONE: readonly Json[] = [];

/** Return what a choice offers; `loaded` is false while a list of a route was not read yet. */
export function useChoices(input: InputDefinition | undefined): {
  readonly choices: readonly Json[];
  readonly loaded: boolean;
} {
  const route = routeOf(input);
  const remote = useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => (route === undefined ? undefined : lists.get(route)),
  );
  return { choices: remote ?? input?.choices ?? NONE, loaded: route === undefined || remote !== undefined };
}
