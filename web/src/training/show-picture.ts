/** Looks at pictures of a training run in full size. */

interface Shown {
  readonly url: string;
  readonly name: string;
}

/** Open one of several pictures in a tab of its own. */
export function showPicture(pictures: readonly Shown[], at: number): void {
  const picture = pictures[at];
  if (picture) open(picture.url, "_blank", "noopener");
}
