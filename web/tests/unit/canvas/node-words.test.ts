import { expect, test } from "vitest";
import { nearestThing } from "@/canvas/kept-focus";
import { thingLabel, wiresOf } from "@/canvas/nodes/node-words";
import { amendNode, removeItems } from "@/document/nodes";
import { rerouteId } from "@/document/records";
import { addReroute } from "@/document/reroutes";
import { text } from "@/i18n/language";
import { smallScene } from "./small-workflow";

const words = (scene: ReturnType<typeof smallScene>["scene"], node: number): string[] => {
  const item = scene.node(node);
  if (!item) throw new Error(`there is no node ${node}`);
  return wiresOf(scene, item, text);
};

test("a node tells where each of its wires comes from and goes to, inputs first", () => {
  const { store, scene } = smallScene();
  expect(words(scene, 2)).toEqual(["image comes from Source, IMAGE", "IMAGE goes to Show, image"]);
  expect(words(scene, 4)).toEqual([]);
  store.transact("rename", (tx) => amendNode(tx, "root", 1, { title: "Holiday" }));
  expect(words(scene, 2)[0]).toBe("image comes from Holiday, IMAGE");
});

test("a reroute tells what is led through it, and a group how much is in it", () => {
  const { store, scene } = smallScene();
  const { raw } = store.transact("reroute", (tx) => addReroute(tx, "root", 2, [550, 40]));
  expect(thingLabel(scene, rerouteId("root", raw.id), text)).toBe("Reroute, from Blur to Show");
  // Three nodes and the reroute.
  expect(thingLabel(scene, "group:root:1", text)).toBe("Group All, items: 4");
});

test("reroutes are reached by the arrow keys as nodes are, and know their wires", () => {
  const { store, scene } = smallScene();
  const { raw } = store.transact("reroute", (tx) => addReroute(tx, "root", 2, [550, 40]));
  const id = rerouteId("root", raw.id);
  expect(scene.reachable().map(([one]) => one)).toContain(id);
  expect(scene.wiresThrough(id).map(({ record }) => record.id)).toEqual([2]);
  store.undo();
  expect(scene.reachable().map(([one]) => one)).not.toContain(id);
});

test("where a node is deleted, the keyboard goes to what lay nearest; on an empty sheet to nothing", () => {
  const { store, scene } = smallScene();
  const place = scene.rectOf("node:root:3");
  if (!place) throw new Error("there is no node 3");
  store.transact("remove", (tx) => removeItems(tx, "root", ["node:root:3"]));
  expect(nearestThing(scene, place)).toBe("node:root:2");
  store.transact("remove", (tx) => removeItems(tx, "root", [...scene.nodes.keys()]));
  expect(nearestThing(scene, place)).toBeUndefined();
});
