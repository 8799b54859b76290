import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "@/commands/all";
import { en } from "@/i18n/en";
import { keyLabels } from "@/ui/keys";

const GUIDE = readFileSync(join(import.meta.dirname, "../../../../docs/editor.md"), "utf8");
const ROW = /^\| `.+` \| .+ \|$/gm;

const written = (keys: string): string => `\`${keyLabels(keys).join("+")}\``;

test("the guide names every key, and no key that does nothing", () => {
  const rows = COMMANDS.filter(({ keys }) => keys?.length).map(
    ({ keys = [], label }) => `| ${keys.map(written).join(", ")} | ${en[label]} |`,
  );
  const table = GUIDE.slice(GUIDE.indexOf("## Keys"), GUIDE.indexOf("## Mouse and fingers"));
  expect(table.match(ROW)).toEqual(rows);
});
