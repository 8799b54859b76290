import { expect, test } from "vitest";
import { COMMANDS } from "@/commands/all";
import { normalKeys } from "@/commands/keymap";
import { en } from "@/i18n/en";

test("no two commands have the same id or the same keys", () => {
  const ids = COMMANDS.map(({ id }) => id);
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  const keys = COMMANDS.flatMap(({ id, keys = [] }) => keys.map((one) => ({ id, keys: normalKeys(one) })));
  const clashes = keys.filter((one) => keys.some((other) => other.keys === one.keys && other.id !== one.id));
  expect(clashes).toEqual([]);
});

test("every command has a name", () => {
  expect(COMMANDS.filter(({ label }) => !(label in en))).toEqual([]);
});

test("keys are written in their one order", () => {
  const keys = COMMANDS.flatMap((command) => command.keys ?? []);
  const written = (one: string): string => normalKeys(one).replace(/plus$/, "+");
  expect(keys.filter((one) => one !== written(one))).toEqual([]);
});
