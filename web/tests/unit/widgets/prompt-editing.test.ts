import { describe, expect, it } from "vitest";
import { embeddingAt } from "@/widgets/text/embedding-names";
import { movePart } from "@/widgets/text/prompt-parts";
import { changeWeight } from "@/widgets/text/prompt-weight";

/** A text with `|` at the caret, or around the selection. */
function selected(marked: string) {
  const [before = "", inner, after] = marked.split("|");
  const start = before.length;
  if (after === undefined) return { text: before + (inner ?? ""), start, end: start };
  return { text: before + inner + after, start, end: start + (inner?.length ?? 0) };
}

const weighed = (marked: string, by: number) => changeWeight(selected(marked), by)?.text;

describe("weights", () => {
  it("are put around the word at the caret", () => {
    expect(weighed("a red| cat", 0.05)).toBe("a (red:1.05) cat");
    expect(weighed("a r|ed, cat", -0.05)).toBe("a (red:0.95), cat");
  });

  it("are put around the selection, without the spaces at its ends", () => {
    expect(weighed("a |red cat |sits", 0.1)).toBe("a (red cat:1.1) sits");
  });

  it("change the weight that is there, wherever in the brackets the caret is", () => {
    expect(weighed("a (red c|at:1.1)", 0.05)).toBe("a (red cat:1.15)");
    expect(weighed("a |(red cat:1.1)|", -0.05)).toBe("a (red cat:1.05)");
    expect(weighed("((a) b|:1.4)", 0.1)).toBe("((a) b:1.5)");
  });

  it("change in the innermost brackets, whether these have a number or not", () => {
    expect(weighed("((red c|at:1.1) on a mat:1.2)", 0.05)).toBe("((red cat:1.15) on a mat:1.2)");
    expect(weighed("((red cat:1.1) on a m|at:1.2)", 0.05)).toBe("((red cat:1.1) on a mat:1.25)");
    expect(weighed("a (red c|at) sits", 0.05)).toBe("a (red cat:1.15) sits");
    expect(weighed("a (|red cat|) sits", -0.1)).toBe("a red cat sits");
    expect(weighed("a (|red| cat) sits", 0.05)).toBe("a ((red:1.05) cat) sits");
  });

  it("go with their brackets when they come to 1", () => {
    expect(weighed("a (re|d:1.05) cat", -0.05)).toBe("a red cat");
  });

  it("can be repeated: what carries the weight stays selected", () => {
    const once = changeWeight(selected("a r|ed cat"), 0.05);
    const twice = once && changeWeight(once, 0.05);
    expect(twice?.text).toBe("a (red:1.1) cat");
    expect(twice?.text.slice(twice.start, twice.end)).toBe("red");
  });

  it("take no bracket that is escaped for one of theirs", () => {
    expect(weighed("smile \\(ang|ry\\)", 0.1)).toBe("smile \\((angry:1.1)\\)");
  });

  it("need a word", () => {
    expect(weighed("a , | ,", 0.05)).toBeUndefined();
    expect(weighed("|", 0.05)).toBeUndefined();
  });
});

describe("parts between commas", () => {
  it("change places, and the caret goes with its part", () => {
    const moved = movePart(selected("red, gr|een, blue"), -1);
    expect(moved?.text).toBe("green, red, blue");
    expect(moved?.start).toBe(2);
    expect(movePart(selected("re|d, green, blue"), 1)?.text).toBe("green, red, blue");
  });

  it("keep the spaces and line ends around them where they are", () => {
    expect(movePart(selected("a,\n b|b"), -1)?.text).toBe("bb,\n a");
  });

  it("are not cut at commas within brackets", () => {
    expect(movePart(selected("(a, b:1.2), c|"), -1)?.text).toBe("c, (a, b:1.2)");
    expect(movePart(selected("{x, y}|, c"), 1)?.text).toBe("c, {x, y}");
  });

  it("stay where there is no further place", () => {
    expect(movePart(selected("r|ed, green"), -1)).toBeUndefined();
    expect(movePart(selected("red, green|"), 1)).toBeUndefined();
  });
});

describe("names of embeddings", () => {
  const at = (marked: string) => {
    const { text, start } = selected(marked);
    return embeddingAt(text, start);
  };

  it("are completed where they are being typed", () => {
    expect(at("a cat, embedding:ba|")?.typed).toBe("ba");
    expect(at("(embedding:|:1.2)")?.typed).toBe("");
  });

  it("are not looked for elsewhere", () => {
    expect(at("embedding:bad, ca|t")).toBeUndefined();
    expect(at("myembedding:ba|")).toBeUndefined();
  });
});
