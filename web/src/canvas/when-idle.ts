/** Work that can wait until nothing else is to be done. */

/** Time in ms until which it is done on browsers that do not say when they are idle. */
const SOON = 300;

/** Do something when the page is idle; returns the function that calls this off. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(work, SOON);
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(work);
  return () => cancelIdleCallback(request);
}
