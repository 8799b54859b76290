import type { Command } from "@/editor/command";

export const commands: readonly Command[] = [];
