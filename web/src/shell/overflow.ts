/** Whether a row has more than it can show. */

import { type RefObject, useLayoutEffect, useState } from "react";

/** Return whether the element's content is wider than the element; looked at anew when `count` changes. */
export function useOverflow(element: RefObject<HTMLElement | null>, count: number): boolean {
  const [overflows, setOverflows] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of things in the row decides its width
  useLayoutEffect(() => {
    const row = element.current;
    if (!row) return;
    const look = () => setOverflows(row.scrollWidth > row.clientWidth + 1);
    const observer = new ResizeObserver(look);
    observer.observe(row);
    look();
    return () => observer.disconnect();
  }, [element, count]);
  return overflows;
}
