/** The button that runs the workflow, with how often, other ways to run, and the one that stops it. */

import { ChevronDown, Minus, Play, Plus, Square } from "lucide-react";
import { useActiveDocument } from "@/editor/session";
import { changeSetting, useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { classNames } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { useOverall } from "./overall";
import { interrupt } from "./run";
import styles from "./run-button.module.css";
import { runActive, runEntries } from "./ways-to-run";

interface RunButtonProps {
  /** For the bar of a phone: higher, and without how often, which the menu has then. */
  readonly compact?: boolean;
}

/** The most runs that one press starts. */
const MOST = 999;

/** Everything that starts and stops runs. */
export function RunButton({ compact = false }: RunButtonProps) {
  const say = useText();
  const { running } = useOverall();
  return (
    <fieldset className={classNames(styles.group, compact && styles.compact)} aria-label={say("run.run")}>
      <RunPart compact={compact} />
      {!compact && <Count />}
      {running > 0 && (
        <IconButton
          label={say("run.stop")}
          icon={Square}
          keys="mod+alt+enter"
          className={styles.stop}
          onClick={() => void interrupt()}
        />
      )}
    </fieldset>
  );
}

function RunPart({ compact }: { readonly compact: boolean }) {
  const say = useText();
  const count = useSetting("batchCount");
  const open = useActiveDocument() !== undefined;
  const { fraction, waiting, running } = useOverall();
  const label = count > 1 ? say("run.runCount", { count }) : say("run.run");
  const left = waiting + running;
  return (
    <div className={styles.run}>
      <Button
        kind="primary"
        icon={Play}
        className={classNames(styles.main)}
        disabled={!open}
        onClick={() => void runActive()}
        title={left > 0 ? say("run.queued", { count: left }) : undefined}
      >
        {compact && count > 1 ? `${say("run.run")} ×${count}` : label}
        {fraction !== null && <span className={styles.fill} style={{ transform: `scaleX(${fraction})` }} />}
      </Button>
      <Menu entries={() => runEntries(compact)} align="end" side={compact ? "top" : "bottom"}>
        <Button kind="primary" className={styles.more} aria-label={say("run.runOptions")}>
          <ChevronDown size={16} aria-hidden />
        </Button>
      </Menu>
    </div>
  );
}

function Count() {
  const say = useText();
  const count = useSetting("batchCount");
  const set = (value: number) => {
    if (Number.isFinite(value)) changeSetting("batchCount", Math.min(Math.max(Math.round(value), 1), MOST));
  };
  return (
    <div className={styles.count}>
      <IconButton
        label={say("run.fewer")}
        icon={Minus}
        size="small"
        disabled={count <= 1}
        onClick={() => set(count - 1)}
      />
      <input
        aria-label={say("run.count")}
        className={styles.number}
        inputMode="numeric"
        value={count}
        onChange={(event) => set(Number(event.currentTarget.value.replace(/\D/g, "")))}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") set(count + 1);
          if (event.key === "ArrowDown") set(count - 1);
        }}
      />
      <IconButton
        label={say("run.more")}
        icon={Plus}
        size="small"
        disabled={count >= MOST}
        onClick={() => set(count + 1)}
      />
    </div>
  );
}
