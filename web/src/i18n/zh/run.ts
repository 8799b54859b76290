import type { run as english } from "../en/run";

export const run: Record<keyof typeof english, string> = {};
