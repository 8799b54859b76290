import { beforeEach, expect, test } from "vitest";
import { removeItems } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { instancesEntered, pathOf } from "@/editor/node-path";
import { type OpenDocument, useSession } from "@/editor/session";

const sheet = (id: string, nodes: object[]) => ({ id, name: id, nodes, links: [], inputs: [], outputs: [] });

/** A subgraph (`outer`) that is used twice, each with two instances of another one in it. */
function workflow(): DocumentStore {
  return new DocumentStore(
    readWorkflow({
      version: 0.4,
      nodes: [
        { id: 12, type: "outer" },
        { id: 15, type: "outer" },
      ],
      links: [],
      definitions: {
        subgraphs: [
          sheet("outer", [
            { id: 1, type: "inner" },
            { id: 2, type: "inner" },
          ]),
          sheet("inner", [{ id: 5, type: "Node" }]),
        ],
      },
    } as never),
  );
}

const document = (): OpenDocument => {
  const found = useSession.getState().documents[0];
  if (!found) throw new Error("nothing is open");
  return found;
};

beforeEach(() => {
  useSession.setState({ documents: [], activeId: null });
  const open = { title: "T", path: null, savedSteps: 0, selection: new Set<string>(), viewports: {} };
  useSession.getState().open({ ...open, id: "d", store: workflow(), scopes: [ROOT] });
});

const enter = (scopes: string[], instances?: number[]) =>
  useSession.getState().amend("d", { scopes, ...(instances && { instances }) });

test("nodes of a subgraph that is used twice are told apart by the instance that was entered", () => {
  enter([ROOT, "outer", "inner"], [15, 2]);
  expect(pathOf(document(), "inner", 5)).toBe("15:2:5");
  expect(pathOf(document(), "outer", 1)).toBe("15:1");
  expect(pathOf(document(), ROOT, 12)).toBe("12");
  enter([ROOT, "outer", "inner"], [12, 1]);
  expect(pathOf(document(), "inner", 5)).toBe("12:1:5");
});

test("where nobody said by way of which instance, or it is none any more, it is the first one", () => {
  enter([ROOT, "outer", "inner"]);
  expect(instancesEntered(document())).toEqual([12, 1]);
  enter([ROOT, "outer", "inner"], [99, 2]);
  expect(instancesEntered(document())).toEqual([12, 2]);
});

test("the sheets around stay those that were entered when one is left", () => {
  enter([ROOT, "outer", "inner"], [15, 2]);
  enter([ROOT, "outer"]);
  expect(instancesEntered(document())).toEqual([15]);
});

test("an instance that is taken away is left, though its subgraph is still there", () => {
  enter([ROOT, "outer", "inner"], [15, 2]);
  document().store.transact("remove", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 15)]));
  expect(document().scopes).toEqual([ROOT]);
  expect(document().store.get("sheet:outer")).toBeDefined();
});
