/** Which open document each job belongs to; kept in the browser, so that results are found again after a reload. */

/** A job that was sent for a document. */
export interface SentJob {
  readonly job: string;
  readonly documentId: string;
  /** The tab that sent it, and that the server tells of it. */
  readonly client: string;
  /** Paths of the nodes in whose place others show their results: a run up to a node that shows nothing itself. */
  readonly shownAt?: Readonly<Record<string, string>>;
  /** Where it was sent from tells of its failure: no message needs to. */
  readonly quiet?: boolean;
}

const KEPT = "latentloom.runs";
const MOST = 200;

const sent = new Map<string, SentJob>();
/** When jobs of this page were sent, in milliseconds since it was loaded. */
const ofThisPage = new Map<string, number>();

/** Note that a job is sent for a document. */
export function rememberJob(record: SentJob): void {
  sent.set(record.job, record);
  ofThisPage.set(record.job, performance.now());
  const others = kept().filter(({ job }) => job !== record.job);
  localStorage.setItem(KEPT, JSON.stringify([...others, record].slice(-MOST)));
}

/** Forget a job that was not taken after all. */
export function forgetJob(id: string): void {
  sent.delete(id);
  localStorage.setItem(KEPT, JSON.stringify(kept().filter(({ job }) => job !== id)));
}

/** Whether a job was sent since this page was loaded. */
export const isOfThisPage = (id: string): boolean => ofThisPage.has(id);

/** Whether a job was sent since this page was loaded, and at that time (`performance.now()`) or before. */
export const wasSentBy = (id: string, time: number): boolean => (ofThisPage.get(id) ?? time + 1) <= time;

/** Return what is known of a job that this browser sent. */
export function sentJob(id: string): SentJob | undefined {
  return sent.get(id);
}

/** Return the jobs that were sent for a document, the newest last, and know them from now on. */
export function jobsOfDocument(documentId: string): readonly SentJob[] {
  const found = kept().filter((one) => one.documentId === documentId);
  for (const one of found) sent.set(one.job, one);
  return found;
}

function kept(): readonly SentJob[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
