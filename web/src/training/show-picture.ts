/** Looks at pictures of a training run in full size. */

import { openViewer } from "@/run/viewer-state";

interface Shown {
  readonly url: string;
  readonly name: string;
}

/** Open the large view with pictures, beginning with one of them. */
export function showPicture(pictures: readonly Shown[], at: number): void {
  const items = pictures.map(({ url, name }) => ({
    url,
    filename: `${name}.png`,
    title: name,
    subfolder: "",
    type: "temp" as const,
    kind: "image" as const,
  }));
  openViewer(items, at);
}
