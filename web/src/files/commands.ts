import type { Command } from "@/commands/command";

export const commands: readonly Command[] = [];
