/** How a node, or several, take part and look: mode, colour, collapsed, pinned. */

import { Ban, Play, SkipForward } from "lucide-react";
import { amendNode, flagOf, setFlag, setMode } from "@/document/nodes";
import { type FileId, MODE, type NodeRecord, type RawNode } from "@/document/records";
import { type TextKey, useText } from "@/i18n/language";
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

/** The colours of ComfyUI's own menu, so that files look the same there. */
const COLORS: readonly { readonly name: TextKey; readonly color?: string; readonly bgcolor?: string }[] = [
  { name: "widgets.colorNone" },
  { name: "widgets.colorRed", color: "#322", bgcolor: "#533" },
  { name: "widgets.colorBrown", color: "#332922", bgcolor: "#593930" },
  { name: "widgets.colorGreen", color: "#232", bgcolor: "#353" },
  { name: "widgets.colorBlue", color: "#223", bgcolor: "#335" },
  { name: "widgets.colorPaleBlue", color: "#2a363b", bgcolor: "#3f5159" },
  { name: "widgets.colorCyan", color: "#233", bgcolor: "#355" },
  { name: "widgets.colorPurple", color: "#323", bgcolor: "#535" },
  { name: "widgets.colorYellow", color: "#432", bgcolor: "#653" },
  { name: "widgets.colorBlack", color: "#222", bgcolor: "#000" },
];

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
      {COLORS.map(({ name, color, bgcolor }) => (
        <button
          key={name}
          type="button"
          className={styles.color}
          aria-label={text(name)}
          title={text(name)}
          aria-pressed={shown.size === 1 && shown.has(bgcolor)}
          onClick={() => paint(color, bgcolor)}
        >
          <span className={bgcolor ? styles.swatch : styles.none} style={{ background: bgcolor }} />
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
