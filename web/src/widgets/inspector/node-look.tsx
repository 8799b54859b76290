/** How a node, or several, take part and look: mode, colour, collapsed, pinned. */

import { Ban, Play, SkipForward } from "lucide-react";
import { amendNode, flagOf, setFlag, setMode } from "@/document/nodes";
import { type FileId, MODE, type NodeRecord, type RawNode } from "@/document/records";
import { TINTS } from "@/editor/node-tints";
import { useText } from "@/i18n/language";
import { Switch } from "@/ui/switch";
import styles from "./node-look.module.css";
import { Section } from "./section";
import type { Place } from "./wire-ends";

interface NodeLookProps {
  readonly place: Place;
  readonly nodes: readonly NodeRecord[];
}

const MODES = [
  { mode: MODE.always, icon: Play, label: "widgets.modeRun" },
  { mode: MODE.muted, icon: Ban, label: "widgets.modeMute" },
  { mode: MODE.bypassed, icon: SkipForward, label: "widgets.modeBypass" },
] as const;

/** A node without a colour of its own, then those that have names. */
const COLORS = [{ label: "widgets.colorNone", header: undefined, body: undefined } as const, ...TINTS];

/** Mode, colour and flags of one node, or of several at once. */
export function NodeLook({ place, nodes }: NodeLookProps) {
  const text = useText();
  const ids = nodes.map(({ raw }) => raw.id);
  const modes = new Set(nodes.map(({ raw }) => raw.mode ?? MODE.always));
  return (
    <Section title={text("widgets.look")}>
      <fieldset className={styles.modes}>
        <legend className="sr-only">{text("widgets.mode")}</legend>
        {MODES.map(({ mode, icon: Icon, label }) => (
          <button
            key={mode}
            type="button"
            className={styles.mode}
            aria-pressed={modes.size === 1 && modes.has(mode)}
            onClick={() => place.store.transact("widgets.mode", (tx) => setMode(tx, place.scope, ids, mode))}
          >
            <Icon size={15} aria-hidden />
            {text(label)}
          </button>
        ))}
      </fieldset>
      <Colors place={place} nodes={nodes} />
      <Flags place={place} nodes={nodes} ids={ids} />
    </Section>
  );
}

function Colors({ place, nodes }: NodeLookProps) {
  const text = useText();
  const shown = new Set(nodes.map(({ raw }) => raw.bgcolor));
  const paint = (color: string | undefined, bgcolor: string | undefined) =>
    place.store.transact("widgets.color", (tx) => {
      const patch = { color, bgcolor } as Partial<RawNode>;
      for (const { raw } of nodes) amendNode(tx, place.scope, raw.id, patch);
    });
  return (
    <fieldset className={styles.colors}>
      <legend className={styles.legend}>{text("widgets.color")}</legend>
      {COLORS.map(({ label, header, body }) => (
        <button
          key={label}
          type="button"
          className={styles.color}
          aria-label={text(label)}
          title={text(label)}
          aria-pressed={shown.size === 1 && shown.has(body)}
          onClick={() => paint(header, body)}
        >
          <span className={body ? styles.swatch : styles.none} style={{ background: body }} />
        </button>
      ))}
    </fieldset>
  );
}

function Flags({ place, nodes, ids }: NodeLookProps & { readonly ids: readonly FileId[] }) {
  const text = useText();
  const flip = (flag: "collapsed" | "pinned", on: boolean) =>
    place.store.transact(`widgets.${flag}`, (tx) => {
      for (const id of ids) setFlag(tx, place.scope, id, flag, on);
    });
  return (
    <div>
      {(["collapsed", "pinned"] as const).map((flag) => (
        <Switch
          key={flag}
          label={text(`widgets.${flag}`)}
          checked={nodes.every(({ raw }) => flagOf(raw, flag))}
          onChange={(on) => flip(flag, on)}
        />
      ))}
    </div>
  );
}
