import type { training as english } from "../en/training";

export const training: Record<keyof typeof english, string> = {};
