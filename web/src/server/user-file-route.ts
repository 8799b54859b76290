/** Files that the server keeps for the user: workflows, drafts, bookmarks. */

/** Return the route of a file, by its path such as `workflows/portrait.json`. */
export const userFileRoute = (path: string): string => `/userdata/${encodeURIComponent(path)}`;
