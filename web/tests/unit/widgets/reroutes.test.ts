import { expect, test } from "vitest";
import { readWorkflow } from "@/document/read";
import { linkOf, type RerouteRecord } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { leadRound, pointOf, pointsOf, wiresThrough } from "@/widgets/inspector/reroutes";

/** Two nodes far apart, joined twice. */
function joined() {
  const node = (id: number, x: number) => ({ id, pos: [x, 0], size: [100, 60], type: "Any" });
  const store = new DocumentStore(
    readWorkflow({
      version: 0.4,
      last_node_id: 2,
      last_link_id: 2,
      nodes: [
        { ...node(1, 0), outputs: [{ name: "A", type: "A", links: [1, 2] }] },
        {
          ...node(2, 500),
          inputs: [
            { name: "a", type: "A", link: 1 },
            { name: "b", type: "A", link: 2 },
          ],
        },
      ],
      links: [
        [1, 1, 0, 2, 0, "A"],
        [2, 1, 0, 2, 1, "A"],
      ],
    }),
  );
  const place = { store, scope: "root", catalogue: new Map() };
  const link = (id: number) => {
    const found = linkOf(store, "root", id);
    if (!found) throw new RangeError(`there is no link ${id}`);
    return found;
  };
  return { store, place, link };
}

test("a wire is led round a point between its nodes, and each further point lies behind the one before", () => {
  const { store, place, link } = joined();
  const id = leadRound(place, link(1));
  const [first] = pointsOf(place, link(1));
  expect(first && pointOf(first)).toEqual([300, 20]);
  expect(id).toBe(`reroute:root:${first?.raw.id}`);
  leadRound(place, link(1));
  expect(pointsOf(place, link(1)).map(pointOf)).toEqual([
    [300, 20],
    [400, 20],
  ]);
  expect(pointsOf(place, link(2))).toEqual([]);
  expect(wiresThrough(store, "root", first?.raw.id ?? 0).map((one) => one.id)).toEqual([1]);
});

test("a point is found where files write it as an object, and at the corner where it is nonsense", () => {
  const at = (pos: RerouteRecord["raw"]["pos"]) =>
    pointOf({ kind: "reroute", scope: "root", raw: { id: 1, pos } });
  expect(at({ 0: 3, 1: 4 })).toEqual([3, 4]);
  expect(at("here")).toEqual([0, 0]);
});
