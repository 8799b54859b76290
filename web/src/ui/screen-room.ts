/** The part of the window that a keyboard on the screen leaves free. */

/** Height in px from which what covers the window counts as a keyboard. */
const KEYBOARD = 120;

/** Bring the field that has the focus back into sight, where it lies in something that scrolls. */
function showField(): void {
  const field = document.activeElement;
  if (field instanceof HTMLElement && field.matches("input, textarea, [contenteditable=true]")) {
    field.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Keep `--screen` (height), `--screen-top` and `--keyboard` (what is below) of the root element, in px, as the
 * keyboard on the screen leaves them, and mark the root with `data-typing` meanwhile; returns the function that ends this.
 */
export function followScreenKeyboard(): () => void {
  const seen = window.visualViewport;
  const root = document.documentElement;
  if (!seen) return () => undefined;
  const fit = () => {
    // Zooming into the page makes what is seen smaller as well; then nothing is to move.
    const open = Math.abs(seen.scale - 1) < 0.01 && window.innerHeight - seen.height > KEYBOARD;
    root.toggleAttribute("data-typing", open);
    root.style.setProperty("--screen", open ? `${seen.height}px` : "");
    root.style.setProperty("--screen-top", open ? `${seen.offsetTop}px` : "");
    const below = window.innerHeight - seen.height - seen.offsetTop;
    root.style.setProperty("--keyboard", open ? `${Math.max(0, below)}px` : "");
    if (open) requestAnimationFrame(showField);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  return () => {
    seen.removeEventListener("resize", fit);
    seen.removeEventListener("scroll", fit);
  };
}
