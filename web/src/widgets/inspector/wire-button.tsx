/** A button that opens the list of what a socket can be joined to. */

import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from "react";
import type { NodeDefinition } from "@/catalogue/definitions";
import { useText } from "@/i18n/language";
import type { WireEnd } from "./wire-ends";
import styles from "./wires.module.css";

const ChoiceList = lazy(() => import("../choice/choice-list"));

interface WireButtonProps {
  /** What it does, for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  /** Return the sockets that fit; asked when the list opens. */
  readonly ends: () => readonly WireEnd[];
  /** Return the kinds of nodes that fit; asked when the list opens. */
  readonly kinds: () => readonly NodeDefinition[];
  readonly onJoin: (end: WireEnd) => void;
  readonly onAdd: (definition: NodeDefinition) => void;
}

/** Joins a socket to one on the sheet, or to a new node. */
export function WireButton({ label, children, className, ...list }: WireButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className ?? styles.join}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        {children}
      </button>
      {open && button.current && (
        <WireList {...list} label={label} anchor={button.current} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

interface WireListProps extends Omit<WireButtonProps, "children" | "className"> {
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

const KIND = "+";

/** The open list of what a socket can be joined to. */
export function WireList({ label, anchor, ends, kinds, onJoin, onAdd, onClose }: WireListProps) {
  const text = useText();
  // What fits is looked up once: the list stays as it is while it is open.
  const [found] = useState(() => ({ ends: ends(), kinds: kinds() }));
  const names = useMemo(() => {
    const all = new Map<string, string>();
    for (const end of found.ends) {
      all.set(end.key, end.taken ? text("widgets.taken", { name: end.label }) : end.label);
    }
    for (const kind of found.kinds) all.set(KIND + kind.type, text("widgets.addKind", { name: kind.title }));
    return all;
  }, [found, text]);
  const pick = (key: string) => {
    onClose();
    const end = found.ends.find((one) => one.key === key);
    const kind = found.kinds.find(({ type }) => KIND + type === key);
    if (end) onJoin(end);
    else if (kind) onAdd(kind);
  };
  return (
    <Suspense fallback={null}>
      <ChoiceList
        anchor={anchor}
        label={label}
        choices={[...names.keys()]}
        value=""
        nameOf={(key) => names.get(key) ?? key}
        onPick={pick}
        onClose={onClose}
      />
    </Suspense>
  );
}
