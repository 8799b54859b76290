/** The words that come up beside what the pointer or the focus rests on. */

import { Tooltip as Radix } from "radix-ui";
import { createContext, type ReactNode, useContext } from "react";
import { Keys } from "./keys";
import styles from "./tooltip.module.css";

const Provided = createContext(false);

/** Makes the tooltips inside come at once when the pointer goes from one to the next. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Provided value={true}>
      <Radix.Provider delayDuration={450} skipDelayDuration={250}>
        {children}
      </Radix.Provider>
    </Provided>
  );
}

interface TooltipProps {
  readonly text: string;
  /** Keys that do the same, such as `mod+z`. */
  readonly keys?: string | undefined;
  readonly side?: "top" | "right" | "bottom" | "left";
  /** One element that takes a ref and the events of pointer and focus. */
  readonly children: ReactNode;
}

/** Shows `text` beside its child; the child needs a name of its own for screen readers. */
export function Tooltip({ text, keys, side = "bottom", children }: TooltipProps) {
  const provided = useContext(Provided);
  const tooltip = (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
  return provided ? tooltip : <TooltipProvider>{tooltip}</TooltipProvider>;
}
