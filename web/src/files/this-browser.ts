/** Names for this browser, and for ids that outlive the page. */

const KEPT = "latentloom.browser";
const A_YEAR = 365 * 24 * 3600;

/** Return a new id of 16 hexadecimal digits; works on pages without a secure context too. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The name under which a browser keeps drafts on the server, and whether it had it before this page. */
export interface Browser {
  readonly name: string;
  readonly known: boolean;
}

let browser: Browser | undefined;

/** Return this browser's name. It is kept in two places, since browsers that run out of space forget one of them. */
export function thisBrowser(): Browser {
  browser ??= named();
  return browser;
}

function named(): Browser {
  const kept = localStorage.getItem(KEPT) ?? fromCookie();
  const name = kept ?? newId();
  localStorage.setItem(KEPT, name);
  // biome-ignore lint/suspicious/noDocumentCookie: the other way is not there on plain http pages.
  document.cookie = `${KEPT}=${name}; path=/; max-age=${A_YEAR}; SameSite=Lax`;
  return { name, known: kept !== null };
}

function fromCookie(): string | null {
  const entry = document.cookie.split("; ").find((one) => one.startsWith(`${KEPT}=`));
  return entry?.slice(KEPT.length + 1) || null;
}
