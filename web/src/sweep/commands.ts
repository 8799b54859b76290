import type { Command } from "@/editor/command";

/** What is done with sweeps. */
export const commands: readonly Command[] = [];
