import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Color = readonly [number, number, number];
type Tokens = ReadonlyMap<string, string>;

const css = readFileSync("src/ui/tokens.css", "utf8");

function tokensOf(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("}", start));
  return new Map(
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const dark = tokensOf(":root");
const light: Tokens = new Map([...dark, ...tokensOf(':root[data-theme="light"]')]);

function color(tokens: Tokens, name: string): Color {
  const value = /^#([0-9a-f]{6})$/.exec(tokens.get(name) ?? "")?.[1];
  if (!value) throw new Error(`${name} is no plain colour`);
  return [0, 2, 4].map((place) => Number.parseInt(value.slice(place, place + 2), 16)) as unknown as Color;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(value: Color): number {
  const [red, green, blue] = value.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Color;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(tokens: Tokens, one: string, other: string): number {
  const [brighter = 0, darker = 0] = [color(tokens, one), color(tokens, other)]
    .map(luminance)
    .sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
}

const TEXTS = ["--text", "--text-muted", "--accent", "--danger", "--warning", "--success"];
const SURFACES = ["--bg", "--surface-1", "--surface-2", "--surface-3"];

describe.each([
  ["dark", dark],
  ["light", light],
])("the %s theme", (_, tokens) => {
  test.each(TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)))(
    "%s can be read on %s",
    (text, surface) => {
      expect(contrast(tokens, text, surface)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["--accent-strong", "--accent-hover", "--danger-strong"])(
    "white can be read on %s",
    (surface) => {
      expect(contrast(tokens, "--on-accent", surface)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["--border-strong", "--focus"])("%s can be told from every surface", (line) => {
    for (const surface of SURFACES) expect(contrast(tokens, line, surface)).toBeGreaterThanOrEqual(3);
  });
});
