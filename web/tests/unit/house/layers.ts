/** The layers of the editor: which areas may name which. */

/**
 * From the lowest to the highest. What is in one line names nothing but its own and the lines below it; areas
 * of one line do not know each other. A file can stand in a line of its own, lower than its folder.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["i18n", "document/records.ts", "document/uuid.ts"],
  ["ui", "document/exact-json.ts"],
  ["server", "catalogue", "values"],
  ["document"],
  ["geometry", "editor"],
  ["files"],
  ["run"],
  ["widgets"],
  ["canvas", "training", "sweep", "app-view"],
  ["panels"],
  ["commands"],
  ["shell"],
  ["main.tsx"],
];

/** A place in the layers: a folder or a file, and how high it stands. */
interface Standing {
  readonly name: string;
  readonly height: number;
}

const STANDINGS: readonly Standing[] = LAYERS.flatMap((names, height) =>
  names.map((name) => ({ name, height })),
);

function standingOf(path: string): Standing | undefined {
  return (
    STANDINGS.find(({ name }) => name === path) ?? STANDINGS.find(({ name }) => path.startsWith(`${name}/`))
  );
}

/** Return how high a file stands, 0 at the bottom; undefined where it has no place in the layers. */
export const heightOf = (path: string): number | undefined => standingOf(path)?.height;

/** Whether a file may name another one: it is of the same area, or lower. */
export function mayName(path: string, other: string): boolean {
  const [one, two] = [standingOf(path), standingOf(other)];
  return one !== undefined && two !== undefined && (one.name === two.name || two.height < one.height);
}
