/** Shows the little of Markdown that notes are written in. Nothing in it becomes HTML by itself. */

import type { ReactNode } from "react";
import styles from "./markdown-text.module.css";

const INLINE = /(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)\s]+\)|https?:\/\/[^\s)<>]+|\*[^*\s][^*]*\*)/g;

/** Addresses that a link of a note may lead to. */
const isSafe = (address: string): boolean => /^(https?:|mailto:)/i.test(address);

function link(address: string, label: string, key: number): ReactNode {
  if (!isSafe(address)) return label;
  return (
    <a key={key} href={address} target="_blank" rel="noreferrer" tabIndex={-1}>
      {label}
    </a>
  );
}

function inline(text: string): ReactNode[] {
  return text.split(INLINE).map((part, key) => {
    if (part.startsWith("**")) return <strong key={part}>{part.slice(2, -2)}</strong>;
    if (part.startsWith("`")) return <code key={part}>{part.slice(1, -1)}</code>;
    const named = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    if (named) return link(named[2] ?? "", named[1] ?? "", key);
    if (/^https?:/.test(part)) return link(part, part, key);
    if (/^\*[^*]+\*$/.test(part)) return <em key={part}>{part.slice(1, -1)}</em>;
    return part;
  });
}

/** A line of a list, numbered or not; undefined for any other line. */
const listed = (line: string): string | undefined => /^\s*(?:[-*+]|\d+\.)\s+(.*)$/.exec(line)?.[1];

function block(lines: readonly string[], key: number): ReactNode {
  const [first = ""] = lines;
  const heading = /^(#{1,6})\s+(.*)$/.exec(first);
  if (heading)
    return (
      <p key={key} className={styles.heading} data-level={heading[1]?.length}>
        {inline(heading[2] ?? "")}
      </p>
    );
  if (listed(first) !== undefined) {
    return (
      <ul key={key}>
        {lines.map((line) => (
          <li key={line}>{inline(listed(line) ?? line)}</li>
        ))}
      </ul>
    );
  }
  return <p key={key}>{inline(lines.join("\n"))}</p>;
}

type Kind = "gap" | "heading" | "list" | "text";

function kindOf(line: string): Kind {
  if (line.trim() === "") return "gap";
  if (line.startsWith("#")) return "heading";
  return listed(line) === undefined ? "text" : "list";
}

/** Lines that belong together: paragraphs, lists, headings. */
function blocksOf(text: string): string[][] {
  const blocks: { readonly kind: Kind; readonly lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const kind = kindOf(line);
    const last = blocks.at(-1);
    if (last?.kind === kind && (kind === "text" || kind === "list")) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks.filter(({ kind }) => kind !== "gap").map(({ lines }) => lines);
}

/** The text of a note as it is meant to be read. */
export function MarkdownText({ text }: { readonly text: string }) {
  return <div className={styles.text}>{blocksOf(text).map(block)}</div>;
}
