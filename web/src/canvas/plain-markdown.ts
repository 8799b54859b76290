/** Markdown as plain lines, for where letters are too small to be set. */

/** Return a note without the signs that set it: headings, emphasis, code, links, list marks. */
export const plainMarkdown = (text: string): string =>
  text
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/^(\s*)[-*+]\s+/gm, "$1• ")
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, "$1")
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, "$2")
    .replace(/(^|[^*\w])\*(?=\S)([^*\n]*\S)\*(?!\w)/g, "$1$2")
    .replace(/`([^`\n]+)`/g, "$1");
