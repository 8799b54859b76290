import { afterEach, beforeEach, expect, test } from "vitest";
import { jobsOfDocument, rememberJob } from "@/run/job-documents";
import type { Job } from "@/run/jobs";
import { runAgain } from "@/run/queue-actions";
import { catchUpAll } from "@/server/following";
import { serve } from "../server/small-server";

const OVER: Job = { id: "old", status: "completed", title: "Old", create_time: 0 };

let close: () => Promise<void>;
let asked: string[];
let accepts: boolean;

beforeEach(async () => {
  localStorage.clear();
  asked = [];
  rememberJob({ job: OVER.id, documentId: "document", client: "me" });
  close = await serve(({ url }) => {
    asked.push(url.pathname);
    if (url.pathname === "/api/jobs/old") return { workflow: { prompt: {}, extra_data: {} } };
    if (url.pathname === "/api/prompt") return accepts ? { node_errors: {} } : null;
    return { jobs: [], pagination: { total: 0 }, events: [], job: { id: "", status: "completed" } };
  });
});
afterEach(() => close());

const jobs = () => jobsOfDocument("document").map(({ job }) => job);

test("a job that runs again belongs to the document of the one before", async () => {
  accepts = true;
  await runAgain(OVER);
  expect(jobs()).toEqual(["old", expect.any(String)]);
});

test("a job that the server does not take is neither kept nor asked after", async () => {
  await catchUpAll();
  accepts = false;
  await runAgain(OVER);
  expect(jobs()).toEqual(["old"]);
  const before = asked.length;
  await catchUpAll();
  expect(asked).toHaveLength(before);
});
