/** What a user can do: each command is reachable from the palette, the keyboard and the help sheet. */

import type { TextKey } from "@/i18n/language";

/** The groups of the help sheet. */
export type CommandGroup = "run" | "edit" | "select" | "view" | "file" | "node" | "help";

/** Something a user can have done, by whatever way. */
export interface Command {
  /** Such as `edit.undo`. */
  readonly id: string;
  readonly group: CommandGroup;
  readonly label: TextKey;
  /**
   * Keys, such as `mod+z` (`mod` is Ctrl, on a Mac Command), `shift+a`, `delete`; the first one is shown.
   * They work while no text is being typed, those with `mod` everywhere except where the field needs them.
   */
  readonly keys?: readonly string[];
  /** The browser itself does what the keys say, such as to copy, and tells the page: the keys are left to it. */
  readonly native?: boolean;
  /** Whether it can be used now; left out: always. */
  readonly enabled?: () => boolean;
  readonly run: () => void | Promise<void>;
}
