import type { widgets as english } from "../en/widgets";

export const widgets: Record<keyof typeof english, string> = {};
