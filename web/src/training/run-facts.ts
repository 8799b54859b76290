/** The settings of training runs, beside each other. */

import { isObject, type Json, type JsonObject } from "@/document/records";

/** A setting and what it is in each run. */
export interface Fact {
  /** Such as `learning_rate` or `ema.decay`. */
  readonly name: string;
  /** In the order of the runs; null where the run leaves it as it usually is. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

/** What says nothing to people, or is told elsewhere. */
const HIDDEN: ReadonlySet<string> = new Set(["format", "latents", "method", "seen", "trainable"]);

/** Levels that only group: the names below them are told apart without. */
const GROUPS: ReadonlySet<string> = new Set(["plan", "optimizer", "lora", "objective"]);

const HASH = /^[0-9a-f]{32,}$/;

function shown(value: Json): string {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  return HASH.test(written) ? written.slice(0, 8) : written;
}

function* leaves(about: JsonObject, path: readonly string[]): Generator<[name: string, value: string]> {
  for (const [key, value] of Object.entries(about)) {
    if (path.length === 0 && HIDDEN.has(key)) continue;
    const below = GROUPS.has(key) ? path : [...path, key];
    if (isObject(value)) yield* leaves(value, below);
    else yield [[...path, key].join("."), shown(value)];
  }
}

/** Return the settings of runs, as each describes itself: those that differ first, each lot by name. */
export function factsOf(abouts: readonly JsonObject[]): readonly Fact[] {
  const tables = abouts.map((about) => new Map(leaves(about, [])));
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  const facts = [...names].sort().map((name) => {
    const values = tables.map((table) => table.get(name) ?? null);
    return { name, values, differs: new Set(values).size > 1 };
  });
  return [...facts.filter(({ differs }) => differs), ...facts.filter(({ differs }) => !differs)];
}
