import { beforeEach, expect, test } from "vitest";
import { keepRuns, keptRuns } from "@/app-view/kept-runs";
import {
  amendRunsOf,
  appRuns,
  type Made,
  NO_RUNS,
  noteEnd,
  noteMade,
  useAppRuns,
} from "@/app-view/runs-state";
import { ofInteger } from "@/document/exact-json";
import type { Json } from "@/document/records";

const picture = (filename: string) => ({
  url: `/view?filename=${filename}`,
  filename,
  subfolder: "",
  type: "output" as const,
  kind: "image" as const,
});

const made = (job: string, seed: Json = 1): Made => ({
  job,
  values: { "5.seed": seed },
  items: [picture(`${job}.png`)],
});

beforeEach(() => {
  localStorage.clear();
  useAppRuns.setState({ runs: new Map() });
});

test("the runs of an app are there again after a reload, seeds of 64 bits to the last digit", () => {
  const seed = ofInteger(18446744073709551615n);
  const runs = { ...NO_RUNS, open: [{ job: "b", values: { "5.seed": seed } }], made: [made("a", seed)] };
  keepRuns("portrait.json", runs);
  expect(localStorage.getItem("latentloom.app-runs.portrait.json")).toContain("18446744073709551615");
  expect(keptRuns("portrait.json")).toEqual(runs);
  expect(keptRuns("other.json")).toEqual(NO_RUNS);
});

test("nothing stays in the browser once the results are forgotten", () => {
  keepRuns("portrait.json", { ...NO_RUNS, made: [made("a")] });
  keepRuns("portrait.json", NO_RUNS);
  expect(localStorage).toHaveLength(0);
});

test("what was kept and cannot be read is no reason not to open", () => {
  for (const odd of ["{", "[]", '{"open": 3, "made": [null, {"job": 1}, {"job": "a"}]}']) {
    localStorage.setItem("latentloom.app-runs.odd", odd);
    expect(keptRuns("odd")).toEqual(NO_RUNS);
  }
});

test("a run that is over leaves those that wait; told twice it is listed once", () => {
  amendRunsOf("d", () => ({
    open: [
      { job: "a", values: {} },
      { job: "b", values: {} },
    ],
  }));
  noteMade("d", made("a"));
  noteMade("d", made("a"));
  expect(appRuns("d").open.map(({ job }) => job)).toEqual(["b"]);
  expect(appRuns("d").made).toHaveLength(1);
  noteEnd("d", "b", "out of memory");
  expect(appRuns("d")).toMatchObject({ open: [], failure: "out of memory" });
});
