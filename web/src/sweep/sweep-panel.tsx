/** The panel in which a sweep is set up and watched. */

import { Grid3x3, Maximize2, Play, Plus, Square } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useCatalogue } from "@/catalogue/state";
import { useVersion } from "@/editor/document-version";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { addAxis, axesOf, MOST_AXES } from "@/editor/sweep-axes";
import { useText } from "@/i18n/language";
import { durationText } from "@/i18n/measure-texts";
import { runsOf } from "@/run/node-run";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Menu } from "@/ui/menu";
import { ProgressBar } from "@/ui/progress-bar";
import { inputEntries } from "@/widgets/widget-entries";
import { AxisEditor } from "./axis-editor";
import { type ResolvedAxis, resolveAxis } from "./axis-values";
import { MOST_CELLS, places } from "./cells";
import { SweepGrid } from "./sweep-grid";
import styles from "./sweep-panel.module.css";
import { cancelSweep, restoreSweep, startSweep } from "./sweep-run";
import { openCells, type Sweep, secondsLeft, useSweepOf } from "./sweep-state";
import { SweepWindow } from "./sweep-window";

/** The sweep of the active workflow. */
export default function SweepPanel() {
  const text = useText();
  const document = useActiveDocument();
  if (!document) return <EmptyState icon={Grid3x3} title={text("shell.no-workflow")} />;
  return <SweepOf key={document.id} document={document} />;
}

function useAxes({ store }: OpenDocument): readonly ResolvedAxis[] {
  const catalogue = useCatalogue((state) => state.catalogue);
  const version = useVersion(store);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the records
  return useMemo(
    () => axesOf(store.records).map((axis) => resolveAxis(store.records, catalogue, axis)),
    [store, catalogue, version],
  );
}

function SweepOf({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const axes = useAxes(document);
  const sweep = useSweepOf(document.id);
  useEffect(() => restoreSweep(document), [document]);
  const add = (
    <Menu entries={() => inputEntries(document, (of, path, widget) => addAxis(of.id, path, widget))}>
      <Button icon={Plus} disabled={axes.length >= MOST_AXES}>
        {text("sweep.add-axis")}
      </Button>
    </Menu>
  );
  return (
    <div className={styles.panel}>
      {axes.length === 0 ? (
        <EmptyState icon={Grid3x3} title={text("sweep.empty")} text={text("sweep.empty-text")} action={add} />
      ) : (
        <>
          {axes.map((axis, at) => (
            <AxisEditor
              key={`${axis.axis.path} ${axis.axis.widget}`}
              document={document}
              resolved={axis}
              at={at}
              last={axes.length - 1}
            />
          ))}
          {axes.length < MOST_AXES && add}
          <Start document={document} axes={axes} />
        </>
      )}
      {sweep && <Results document={document} sweep={sweep} />}
    </div>
  );
}

/** How many pictures there will be, how long they may take, and the button that starts it. */
function Start({
  document,
  axes,
}: {
  readonly document: OpenDocument;
  readonly axes: readonly ResolvedAxis[];
}) {
  const text = useText();
  const count = places(axes).length;
  const problem = axes.find((axis) => axis.problem !== null)?.problem;
  const many = count > MOST_CELLS ? text("sweep.too-many", { count, most: MOST_CELLS }) : null;
  const seconds = lastSeconds(document.id);
  return (
    <div className={styles.start}>
      <p className={styles.count} role="status">
        {many ?? (count > 0 && !problem ? text("sweep.count", { count }) : null)}
        {!problem &&
          !many &&
          seconds > 0 &&
          ` ${text("sweep.estimate", { time: durationText(seconds * count) })}`}
      </p>
      <Button
        kind="primary"
        icon={Play}
        disabled={Boolean(problem ?? many) || count === 0}
        onClick={() => void startSweep(document, axes)}
      >
        {text("sweep.run")}
      </Button>
    </div>
  );
}

/** Return the seconds that the nodes of a document took in its last run; 0 where it has not run. */
function lastSeconds(documentId: string): number {
  let sum = 0;
  for (const [path, { seconds }] of runsOf(documentId)) if (!path.includes(":")) sum += seconds ?? 0;
  return sum;
}

function Results({ document, sweep }: { readonly document: OpenDocument; readonly sweep: Sweep }) {
  const text = useText();
  const [large, setLarge] = useState(false);
  const open = openCells(sweep).length;
  const all = sweep.cells.length;
  const left = secondsLeft(sweep);
  return (
    <section className={styles.results} aria-label={text("sweep.results")}>
      {open > 0 && (
        <>
          <ProgressBar label={text("sweep.progress")} value={(all - open) / all} />
          <p className={styles.count} role="status">
            {text("sweep.done-of", { done: all - open, all })}
            {left !== null && ` ${text("training.left", { time: durationText(left) })}`}
          </p>
        </>
      )}
      <div className={styles.buttons}>
        <Button icon={Maximize2} onClick={() => setLarge(true)}>
          {text("sweep.large")}
        </Button>
        {open > 0 && (
          <Button icon={Square} onClick={() => void cancelSweep(document.id)}>
            {text("common.cancel")}
          </Button>
        )}
      </div>
      <SweepGrid document={document} sweep={sweep} size={84} />
      <SweepWindow document={document} sweep={sweep} open={large} onOpenChange={setLarge} />
    </section>
  );
}
