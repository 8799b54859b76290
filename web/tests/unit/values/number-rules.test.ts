import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactInteger, ofInteger } from "@/document/exact-json";
import { evaluate } from "@/values/expression";
import { realRule } from "@/values/real-number";
import { randomSeed } from "@/values/seed";
import { wholeRule } from "@/values/whole-number";

const SEED_MAX = ofInteger(2n ** 64n - 1n);

describe("sums", () => {
  it("are worked out with the usual order and brackets", () => {
    expect(evaluate("512*1.5")).toBe(768);
    expect(evaluate("(3+1)/2 - -4")).toBe(6);
    expect(evaluate("-2^2")).toBe(-4);
    expect(evaluate("2^3^2")).toBe(512);
    expect(evaluate(" 1e3 % 7 ")).toBe(6);
    expect(evaluate(".5+5.")).toBe(5.5);
  });

  it("are refused where they are none", () => {
    for (const text of ["", "a", "1+", "(1", "1)", "1 2", "1/0", "alert(1)", "1,5"]) {
      expect(() => evaluate(text), text).toThrow(SyntaxError);
    }
  });

  it("agree with the language's own arithmetic", () => {
    const number = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        expect(evaluate(`${a}+${b}*${c}-${a}/${b}`)).toBeCloseTo(a + b * c - a / b, 9);
      }),
    );
  });
});

describe("whole numbers", () => {
  const seed = wholeRule({ min: 0, max: SEED_MAX });

  it("keep all 64 bits of a seed through show, read and move", () => {
    expect(seed.show(SEED_MAX)).toBe("18446744073709551615");
    expect(seed.read("18446744073709551615")).toBe(SEED_MAX);
    const below = seed.move(SEED_MAX, -1);
    expect(exactInteger(below)).toBe(2n ** 64n - 2n);
    expect(seed.show(below)).toBe("18446744073709551614");
    expect(seed.move(SEED_MAX, 1)).toBe(SEED_MAX);
  });

  it("stay plain numbers where a double holds them", () => {
    expect(seed.read("42")).toBe(42);
    expect(seed.move(41, 1)).toBe(42);
  });

  it("stop at the limits and at multiples of the step counted from the least", () => {
    const width = wholeRule({ min: 16, max: 16384, step: 8 });
    expect(width.read("513")).toBe(512);
    expect(width.read("517")).toBe(520);
    expect(width.read("512*1.5")).toBe(768);
    expect(width.read("1")).toBe(16);
    expect(width.read("99999")).toBe(16384);
    expect(width.move(512, 1)).toBe(520);
    expect(width.move(16, -3)).toBe(16);
    expect(wholeRule({ min: 1, max: 10, step: 3 }).read("5")).toBe(4);
  });

  it("move by whole steps however finely they are dragged", () => {
    expect(seed.move(5, 0.9)).toBe(5);
    expect(seed.move(5, -1.9)).toBe(4);
  });

  it("take negative limits", () => {
    const rule = wholeRule({ min: -24, max: -1 });
    expect(rule.read("-30")).toBe(-24);
    expect(rule.move(-1, 1)).toBe(-1);
    expect(wholeRule({ min: -10, max: 10, step: 4 }).read("-3")).toBe(-2);
  });

  it("lie on the range by their share of it", () => {
    const rule = wholeRule({ min: 0, max: 100 });
    expect(rule.at(0.5)).toBe(50);
    expect(rule.share(25)).toBe(0.25);
    expect(wholeRule({}).at(0.5)).toBeUndefined();
    expect(exactInteger(seed.at(1))).toBe(2n ** 64n - 1n);
  });

  it("come back from show and read unchanged, whatever their size", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(exactInteger(seed.read(seed.show(ofInteger(value))))).toBe(value);
      }),
    );
  });
});

describe("numbers with a fraction", () => {
  const cfg = realRule({ min: 0, max: 100, step: 0.1, round: 0.01 });

  it("carry no dust of binary arithmetic", () => {
    let value = cfg.move(0, 1);
    for (let times = 0; times < 2; times += 1) value = cfg.move(value, 1);
    expect(value).toBe(0.3);
    expect(cfg.show(0.1 + 0.2)).toBe("0.3");
    expect(cfg.show(8)).toBe("8.0");
  });

  it("are rounded as asked, and take fine steps", () => {
    expect(cfg.read("7.456")).toBe(7.46);
    expect(cfg.move(7, 0.1)).toBe(7.01);
    expect(cfg.read("1000")).toBe(100);
    expect(realRule({ step: 0.5 }).read("1/3")).toBeCloseTo(1 / 3, 12);
  });

  it("show no fewer digits than they have, up to six", () => {
    expect(cfg.show(0.125)).toBe("0.125");
    expect(cfg.show(1e-7)).toBe("0.0");
    expect(realRule({ step: 0.001 }).show(1)).toBe("1.000");
  });

  it("lie on the range by their share of it", () => {
    expect(cfg.share(25)).toBe(0.25);
    expect(cfg.at(0.5)).toBe(50);
    expect(realRule({ min: 0 }).share(3)).toBeUndefined();
  });
});

describe("random seeds", () => {
  it("lie within the limits and below 2^50", () => {
    for (let times = 0; times < 200; times += 1) {
      const drawn = exactInteger(randomSeed({ min: 0, max: SEED_MAX }));
      expect(drawn !== null && drawn >= 0n && drawn <= 2n ** 50n).toBe(true);
      const small = Number(exactInteger(randomSeed({ min: 3, max: 5 })));
      expect(small).toBeGreaterThanOrEqual(3);
      expect(small).toBeLessThanOrEqual(5);
    }
  });

  it("differ", () => {
    const drawn = new Set(Array.from({ length: 50 }, () => randomSeed({ min: 0, max: SEED_MAX })));
    expect(drawn.size).toBeGreaterThan(45);
  });
});
