/** Markdown as elements: nothing of it is ever taken as HTML. */

import { Fragment, type ReactNode } from "react";
import { useText } from "@/i18n/language";
import styles from "./markdown.module.css";

const INLINE = /(`[^`]+`)|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

/** Return the parts of a line: code, bold, italic, links to other sites, and plain text. */
function inline(line: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of line.matchAll(INLINE)) {
    const [whole, code, bold, italic, name, address] = match;
    parts.push(line.slice(at, match.index));
    at = match.index + whole.length;
    if (code) parts.push(<code>{code.slice(1, -1)}</code>);
    else if (bold) parts.push(<strong>{bold}</strong>);
    else if (italic) parts.push(<em>{italic}</em>);
    else {
      parts.push(
        <a href={address} target="_blank" rel="noreferrer">
          {name}
        </a>,
      );
    }
  }
  parts.push(line.slice(at));
  return parts;
}

function Inline({ text }: { readonly text: string }) {
  return inline(text).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places
    <Fragment key={at}>{part}</Fragment>
  ));
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\s*\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

function Table({ lines }: { readonly lines: readonly string[] }) {
  const say = useText();
  const [head = "", , ...rows] = lines;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than the panel is scrolled with the keys
    <fieldset className={styles.scroll} aria-label={say("widgets.table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {cellsOf(head).map((cell) => (
              <th key={cell} scope="col">
                <Inline text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {cellsOf(row).map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a row never change places
                <td key={at}>
                  <Inline text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}

function List({ lines }: { readonly lines: readonly string[] }) {
  const items = lines.map((line) => (
    <li key={line}>
      <Inline text={line.replace(/^\s*(?:[-*+]|\d+\.)\s+/, "")} />
    </li>
  ));
  return /^\s*\d/.test(lines[0] ?? "") ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function Block({ text }: { readonly text: string }) {
  const lines = text.split("\n");
  const [first = "", second = ""] = lines;
  const heading = /^#{1,6}\s+(.*)$/.exec(first);
  if (heading) {
    const rest = lines.slice(1).join("\n").trim();
    return (
      <>
        <h4>
          <Inline text={heading[1] ?? ""} />
        </h4>
        {rest && <Block text={rest} />}
      </>
    );
  }
  if (first.includes("|") && /^[\s|:-]+$/.test(second) && second.includes("-"))
    return <Table lines={lines} />;
  if (lines.every((line) => /^\s*(?:[-*+]|\d+\.)\s/.test(line))) return <List lines={lines} />;
  return (
    <p>
      <Inline text={lines.join(" ")} />
    </p>
  );
}

interface BlockOfText {
  readonly code: boolean;
  readonly text: string;
}

/** Split at empty lines; what stands between fences stays whole. */
function blocksOf(source: string): BlockOfText[] {
  const parts = source.replaceAll("\r\n", "\n").split(/^```.*$/m);
  return parts.flatMap((part, at): BlockOfText[] => {
    if (at % 2 === 1) return [{ code: true, text: part.trim() }];
    const texts = part.split(/\n\s*\n/).map((text) => text.replace(/^\n+|\s+$/g, ""));
    return texts.filter(Boolean).map((text) => ({ code: false, text }));
  });
}

/** Draws headings, paragraphs, lists, tables and code; anything else stays text. */
export function Markdown({ source }: { readonly source: string }) {
  return (
    <div className={styles.markdown}>
      {blocksOf(source).map(({ code, text }, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text never change places
        code ? <pre key={at}>{text}</pre> : <Block key={at} text={text} />,
      )}
    </div>
  );
}
