/** The panel of training runs: what trains now, curves, pictures, weights. */

import { CircleAlert, GraduationCap } from "lucide-react";
import { useEffect, useMemo } from "react";
import { openTemplateNamed } from "@/files/templates";
import { useLanguage, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Spinner } from "@/ui/spinner";
import { toast } from "@/ui/toast";
import { type Course, followCourses, readCourse, readRuns, useCourses } from "./courses";
import { CurveSection } from "./curve-section";
import { LiveCard } from "./live-card";
import { type LiveRun, useLiveRuns, watchTraining } from "./live-runs";
import { usePanelView } from "./panel-view";
import { RunChoice, runName } from "./run-choice";
import { RunFiles } from "./run-files";
import { RunSettings } from "./run-settings";
import type { TrainingRun } from "./runs";
import { Samples } from "./samples";
import styles from "./training-panel.module.css";

/** What trains now, and how the runs of before went. */
export default function TrainingPanel() {
  const { runs, error } = useCourses();
  const live = useLiveRuns((state) => state.runs);
  const chosen = usePanelView((view) => view.chosen);
  useEffect(() => {
    watchTraining();
    void readRuns();
    return followCourses();
  }, []);
  const shown = shownRun(runs ?? [], live, chosen);
  return (
    <div className={styles.panel}>
      {live
        .filter((run) => isFresh(run, live))
        .map((run) => (
          <LiveCard
            key={`${run.job} ${run.node}`}
            run={run}
            shown={run.run === (chosen ?? live[0]?.run ?? shown)}
          />
        ))}
      {shown && runs ? (
        <Shown runs={runs} shown={shown} />
      ) : (
        <Nothing error={error} loading={runs === null} />
      )}
    </div>
  );
}

/** Runs that are over are shown until another one begins. */
const isFresh = (run: LiveRun, live: readonly LiveRun[]): boolean =>
  run.state === "training" || run.state === "paused" || run === live[0];

/** Return the name of the run to show: the one that was chosen, else the one that trains, else the newest. */
function shownRun(
  runs: readonly TrainingRun[],
  live: readonly LiveRun[],
  chosen: string | null,
): string | null {
  const there = (name: string | null | undefined): name is string => runs.some((run) => run.name === name);
  return [chosen, live[0]?.run, runs[0]?.name].find(there) ?? null;
}

interface ShownProps {
  readonly runs: readonly TrainingRun[];
  readonly shown: string;
}

function Shown({ runs, shown }: ShownProps) {
  const courses = useCourses((state) => state.courses);
  const compared = usePanelView((view) => view.compared);
  const names = useMemo(() => [shown, ...compared.filter((name) => name !== shown)], [shown, compared]);
  useEffect(() => {
    for (const name of names) if (!useCourses.getState().courses.has(name)) void readCourse(name);
  }, [names]);
  const named = useNamedCourses(names, courses);
  const course = courses.get(shown);
  return (
    <>
      <RunChoice runs={runs} shown={shown} />
      {course ? (
        <>
          <CurveSection curves={named} />
          <Samples run={shown} samples={course.samples} prompts={course.prompts} />
          <RunSettings runs={named} />
          <RunFiles run={course.run} />
        </>
      ) : (
        <Spinner />
      )}
    </>
  );
}

function useNamedCourses(names: readonly string[], courses: ReadonlyMap<string, Course>) {
  const language = useLanguage((state) => state.language);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names of runs depend on the language
  return useMemo(
    () =>
      names.flatMap((name) => {
        const course = courses.get(name);
        return course ? [{ name: runName(course.run), curve: course.curve, about: course.about }] : [];
      }),
    [names, courses, language],
  );
}

/** Open the workflow that trains a LoRA; a refusal is told. */
function openTemplate(): void {
  openTemplateNamed("train_lora").catch((error: unknown) => {
    toast({ text: error instanceof Error ? error.message : String(error), kind: "error", key: "training" });
  });
}

function Nothing({ error, loading }: { readonly error: string | null; readonly loading: boolean }) {
  const text = useText();
  if (error !== null) {
    return (
      <EmptyState
        icon={CircleAlert}
        title={text("training.load-failed")}
        text={error}
        action={<Button onClick={() => void readRuns()}>{text("common.retry")}</Button>}
      />
    );
  }
  if (loading) return <Spinner />;
  return (
    <EmptyState
      icon={GraduationCap}
      title={text("training.empty")}
      text={text("training.empty-text")}
      action={
        <Button kind="primary" onClick={openTemplate}>
          {text("training.open-template")}
        </Button>
      }
    />
  );
}
