/** The runs that the training panel shows, kept up to date while they train. */

import { create } from "zustand";
import type { JsonObject } from "@/document/records";
import { onEvent } from "@/server/events";
import { type Curve, NO_CURVE, withPoints } from "./curve";
import { fetchCourse, fetchRuns, type Sample, type TrainingRun } from "./runs";

/** What is known of a run. */
export interface Course {
  readonly run: TrainingRun;
  /** What makes the run what it is, as it describes itself. */
  readonly about: JsonObject;
  readonly curve: Curve;
  readonly prompts: readonly string[];
  readonly samples: readonly Sample[];
}

interface Courses {
  /** All runs there are, the newest first; null until they were asked for. */
  readonly runs: readonly TrainingRun[] | null;
  readonly courses: ReadonlyMap<string, Course>;
  /** Why the runs could not be read last; null where they could. */
  readonly error: string | null;
}

/** The server's training runs and the curves of those that were asked for. */
export const useCourses = create<Courses>(() => ({ runs: null, courses: new Map(), error: null }));

/** Milliseconds between two looks at a curve that grows. */
const PAUSE = 1000;

const nextByte = new Map<string, number>();
const reading = new Map<string, Promise<void>>();

/** Read which runs there are. */
export async function readRuns(): Promise<void> {
  try {
    useCourses.setState({ runs: await fetchRuns(), error: null });
  } catch (error) {
    useCourses.setState({ error: error instanceof Error ? error.message : String(error) });
  }
}

/** Read what is new of a run's curve and pictures; one request at a time for each run. */
export function readCourse(name: string): Promise<void> {
  const underway = reading.get(name);
  if (underway) return underway;
  const read = fetchPart(name)
    .catch((error: unknown) =>
      useCourses.setState({ error: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => reading.delete(name));
  reading.set(name, read);
  return read;
}

async function fetchPart(name: string): Promise<void> {
  const start = nextByte.get(name) ?? 0;
  const part = await fetchCourse(name, start);
  nextByte.set(name, part.next);
  const known = useCourses.getState().courses.get(name);
  const before = part.start === 0 && start > 0 ? NO_CURVE : (known?.curve ?? NO_CURVE);
  put(name, {
    run: part.run,
    about: part.about,
    curve: withPoints(before, part),
    prompts: part.prompts,
    samples: sameSamples(known?.samples, part.samples),
  });
}

function put(name: string, course: Course): void {
  useCourses.setState(({ courses }) => ({ courses: new Map(courses).set(name, course), error: null }));
}

/** Keep the list of before where nothing was drawn since. */
function sameSamples(before: readonly Sample[] | undefined, now: readonly Sample[]): readonly Sample[] {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

let timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Follow runs as they train: their points as they are told, the rest now and then. Returns what ends this. */
export function followCourses(): () => void {
  const ends = [
    onEvent("report", ({ kind, data }) => {
      if (typeof data.run !== "string") return;
      const { run, step, loss, learning_rate: rate } = data;
      if (kind === "training" && typeof step === "number" && typeof loss === "number") {
        addPoint(run, step, loss, typeof rate === "number" ? rate : 0);
      }
      readSoon(run, kind === "training_samples" ? 0 : PAUSE);
    }),
    onEvent("connected", () => {
      void readRuns();
      for (const name of useCourses.getState().courses.keys()) void readCourse(name);
    }),
  ];
  return () => {
    for (const end of ends) end();
    for (const timer of timers.values()) clearTimeout(timer);
    timers = new Map();
  };
}

function addPoint(name: string, step: number, loss: number, rate: number): void {
  const course = useCourses.getState().courses.get(name);
  if (!course) return;
  put(name, { ...course, curve: withPoints(course.curve, { step: [step], loss: [loss], rate: [rate] }) });
}

function readSoon(name: string, pause: number): void {
  if (pause > 0 && timers.has(name)) return;
  clearTimeout(timers.get(name));
  const read = () => {
    timers.delete(name);
    void readCourse(name);
    if (!useCourses.getState().runs?.some((run) => run.name === name)) void readRuns();
  };
  timers.set(name, setTimeout(read, pause));
}
