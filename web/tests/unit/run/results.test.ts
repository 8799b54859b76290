import { afterEach, beforeEach, expect, test } from "vitest";
import { loadMoreResults, searchResults, useResults } from "@/run/results";
import { pending, serve } from "../server/small-server";

interface Page {
  readonly results: readonly object[];
  readonly next: number | null;
}

const picture = (job: string): object => ({
  job,
  node: "7",
  kind: "images",
  item: { filename: `${job}.png`, subfolder: "", type: "output" },
  ended: 0,
  title: null,
});

let close: () => Promise<void>;
let answers: { readonly asked: string; readonly give: (page: Page) => void }[];

beforeEach(async () => {
  answers = [];
  close = await serve(({ url }) => {
    const { promise, fulfil } = pending<Page>();
    const asked = `${url.searchParams.get("query")}@${url.searchParams.get("offset")}`;
    answers.push({ asked, give: fulfil });
    return promise;
  });
});
afterEach(() => close());

/** Wait until something is asked; return what answers it. */
async function answer(asked: string): Promise<(page: Page) => void> {
  const found = () => answers.findIndex((one) => one.asked === asked);
  await expect.poll(found).toBeGreaterThanOrEqual(0);
  return answers.splice(found(), 1)[0]?.give ?? (() => undefined);
}

const jobs = () => useResults.getState().items.map(({ job }) => job);

test("a further part that comes after the list was begun anew leaves no gap in it", async () => {
  searchResults("");
  (await answer("@0"))({ results: [picture("3")], next: 60 });
  await expect.poll(jobs).toEqual(["3"]);
  void loadMoreResults();
  const late = await answer("@60");
  searchResults("");
  const fresh = await answer("@0");
  fresh({ results: [picture("4")], next: 60 });
  await expect.poll(jobs).toEqual(["4"]);
  late({ results: [picture("1")], next: null });
  void loadMoreResults();
  (await answer("@60"))({ results: [picture("2")], next: null });
  await expect.poll(jobs).toEqual(["4", "2"]);
  expect(useResults.getState()).toMatchObject({ next: null, loading: false });
});

test("of two searches the later one counts, whichever is answered first", async () => {
  searchResults("cat");
  const cat = await answer("cat@0");
  searchResults("dog");
  (await answer("dog@0"))({ results: [picture("dog")], next: null });
  await expect.poll(jobs).toEqual(["dog"]);
  cat({ results: [picture("cat")], next: 60 });
  searchResults("dog");
  (await answer("dog@0"))({ results: [picture("dog")], next: null });
  await expect.poll(() => useResults.getState().loading).toBe(false);
  expect(jobs()).toEqual(["dog"]);
});
