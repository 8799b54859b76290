import type { files as english } from "../en/files";

export const files: Record<keyof typeof english, string> = {};
