import { beforeEach, expect, test } from "vitest";
import { emptyWorkflow } from "@/document/read";
import { DocumentStore } from "@/document/store";
import { type OpenDocument, useSession } from "@/editor/session";
import { moveDocument } from "@/shell/open-documents";

const opened = (id: string): OpenDocument => ({
  id,
  title: id,
  path: null,
  store: new DocumentStore(emptyWorkflow()),
  savedSteps: 0,
  scopes: ["root"],
  selection: new Set(),
  viewports: {},
});

const order = (): string =>
  useSession
    .getState()
    .documents.map(({ id }) => id)
    .join("");

beforeEach(() => {
  useSession.setState({ documents: ["a", "b", "c", "d"].map(opened), activeId: "a" });
});

test("a tab is moved to the right, before the one at that place", () => {
  moveDocument("a", 3);
  expect(order()).toBe("bcad");
});

test("a tab is moved to the left", () => {
  moveDocument("d", 1);
  expect(order()).toBe("adbc");
});

test("a tab is moved to the end", () => {
  moveDocument("b", 4);
  expect(order()).toBe("acdb");
});

test("a tab that stays where it is changes nothing", () => {
  const { documents } = useSession.getState();
  moveDocument("b", 1);
  moveDocument("b", 2);
  moveDocument("x", 0);
  expect(useSession.getState().documents).toBe(documents);
});
