import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { MarkdownText } from "@/canvas/nodes/markdown-text";
import { plainMarkdown } from "@/canvas/plain-markdown";

test("headings, lists, emphasis and code are set as such", () => {
  const { container } = render(
    <MarkdownText text={"# Title\nSome **bold** and `code`.\n\n- one\n- *two*\n\n1. first"} />,
  );
  expect(container.querySelector("[data-level='1']")?.textContent).toBe("Title");
  expect(container.querySelector("strong")?.textContent).toBe("bold");
  expect(container.querySelector("code")?.textContent).toBe("code");
  expect([...container.querySelectorAll("li")].map((line) => line.textContent)).toEqual([
    "one",
    "two",
    "first",
  ]);
  expect(container.querySelector("em")?.textContent).toBe("two");
});

test("links lead to web pages only, named or bare", () => {
  render(<MarkdownText text={"[Models](https://example.org/a) and https://example.org/b"} />);
  const [named, bare] = screen.getAllByRole<HTMLAnchorElement>("link");
  expect(named?.textContent).toBe("Models");
  expect(bare?.href).toBe("https://example.org/b");
});

test("nothing in a note is run: other addresses and tags stay text", () => {
  const { container } = render(
    <MarkdownText text={"[x](javascript:alert(1)) <img src=x onerror=alert(1)>"} />,
  );
  expect(container.querySelector("a, img")).toBeNull();
  expect(container.textContent).toContain("<img src=x onerror=alert(1)>");
});

test("a note that is only painted has no signs of Markdown in it", () => {
  const note =
    "## Try it\n\nUse **Load Image**, `x.png` or [the editor](https://example.org/a).\n- *one*\n- 2 * 3 * 4";
  expect(plainMarkdown(note)).toBe("Try it\n\nUse Load Image, x.png or the editor.\n• one\n• 2 * 3 * 4");
});
