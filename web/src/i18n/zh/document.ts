import type { document as english } from "../en/document";

export const document: Record<keyof typeof english, string> = {};
