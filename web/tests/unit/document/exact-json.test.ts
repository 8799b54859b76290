import { describe, expect, test } from "vitest";
import { exactInteger, ofInteger, parseExact, stringifyExact } from "@/document/exact-json";

const SEED = "18446744073709551615";

describe("whole numbers", () => {
  test.each([
    `{"seed":${SEED}}`,
    `[-9223372036854775808]`,
    `{"a":1152921504606846976}`,
    `[1,2.5,"x ${SEED}"]`,
    `{"k\\"${SEED}":"\\\\"}`,
  ])("come out of %s as they went in", (text) => {
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  test("of 64 bits can be counted with", () => {
    const value = parseExact(SEED);
    expect(exactInteger(value)).toBe(18446744073709551615n);
    expect(ofInteger(18446744073709551615n)).toBe(value);
    expect(ofInteger(42n)).toBe(42);
    expect(exactInteger(42)).toBe(42n);
  });

  test("count as the digits that are written, where a double ends in others", () => {
    const written = 739636507732667500n;
    expect(BigInt(Number(written))).not.toBe(written);
    expect(exactInteger(ofInteger(written))).toBe(written);
    expect(stringifyExact(ofInteger(written))).toBe(String(written));
    expect(exactInteger(1e21)).toBe(10n ** 21n);
  });

  test.each([1.5, "5", null, undefined, true, "\u0000int:x"])("are not what %j is", (value) => {
    expect(exactInteger(value)).toBeNull();
  });

  test("with a point or an exponent are numbers like any other", () => {
    expect(parseExact("[1234567890123456.5,1e20]")).toEqual([1234567890123456.5, 1e20]);
  });
});

test("what Python writes for no number is read as null, but not within texts", () => {
  expect(parseExact('{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN"}')).toEqual({
    a: null,
    b: [null, null],
    c: "NaN",
  });
});

test("what is no JSON is refused", () => {
  expect(() => parseExact("{NaN")).toThrow(SyntaxError);
  expect(() => parseExact("{")).toThrow(SyntaxError);
});

test("an indent is written where it is asked for", () => {
  expect(stringifyExact({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
});
