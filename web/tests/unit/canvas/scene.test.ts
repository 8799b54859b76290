import { describe, expect, test } from "vitest";
import type { SocketRef } from "@/canvas/canvas-state";
import { hitAt, nodeUnder, reachAt, socketRef } from "@/canvas/hit";
import { cut, fits, join, nearestTarget, targetsOf, targetsOn, wireInto } from "@/canvas/joining";
import { Scene } from "@/canvas/scene";
import { amendNode, moveItems, removeItems } from "@/document/nodes";
import { addReroute } from "@/document/reroutes";
import { smallScene } from "./small-workflow";

const REACH = reachAt(1, false);

function socket(scene: Scene, node: number, side: "input" | "output", name: string): SocketRef {
  const item = scene.node(node);
  const places = item?.box[side === "input" ? "inputs" : "outputs"] ?? [];
  const found =
    item &&
    socketRef(
      item,
      side,
      places.findIndex((place) => place.name === name),
    );
  if (!found) throw new Error(`node ${node} has no ${side} ${name}`);
  return found;
}

describe("a sheet that is laid out", () => {
  test("has wires that run from socket to socket", () => {
    const { scene } = smallScene();
    const wire = scene.wires.get("link:root:1");
    const from = scene.node(1)?.box.outputs[0];
    const to = scene.node(2)?.box.inputs[0];
    expect(wire?.points).toEqual([
      [from?.x, from?.y],
      [to?.x, to?.y],
    ]);
  });

  test("takes wires along when a node is moved", () => {
    const { store, scene } = smallScene();
    const before = scene.wires.get("link:root:2")?.points[0];
    store.transact("move", (tx) => moveItems(tx, new Map([["node:root:2", [320, 40]]])));
    const after = scene.wires.get("link:root:2")?.points[0];
    expect(after).toEqual([(before?.[0] ?? 0) + 20, (before?.[1] ?? 0) + 40]);
  });

  test("is after any change what it would be if laid out anew", () => {
    const { store, scene } = smallScene();
    store.transact("reroute", (tx) => addReroute(tx, "root", 1, [250, 90]));
    store.transact("remove", (tx) => removeItems(tx, "root", ["node:root:3"]));
    store.transact("join", (tx) =>
      join(tx, scene, socket(scene, 4, "output", "INT"), socket(scene, 2, "input", "radius")),
    );
    store.undo();
    store.undo();
    store.redo();
    store.transact("collapse", (tx) => amendNode(tx, "root", 2, { flags: { collapsed: true } }));
    const fresh = new Scene(store, "root", scene.catalogue);
    expect([...scene.nodes.keys()].sort()).toEqual([...fresh.nodes.keys()].sort());
    for (const [id, wire] of fresh.wires) expect(scene.wires.get(id)).toEqual(wire);
    expect(scene.wires.size).toBe(fresh.wires.size);
    expect([...scene.reroutes]).toEqual([...fresh.reroutes]);
    expect(scene.order).toEqual(fresh.order);
  });

  test("leads a wire through its points", () => {
    const { store, scene } = smallScene();
    store.transact("reroute", (tx) => addReroute(tx, "root", 1, [250, 90]));
    expect(scene.wires.get("link:root:1")?.points[1]).toEqual([250, 90]);
  });

  test("says nothing of changes on other sheets", () => {
    const { store, scene } = smallScene();
    let told = 0;
    scene.subscribe(() => {
      told += 1;
    });
    const note = { kind: "node", scope: "elsewhere", raw: { id: 9, type: "Source" } } as const;
    store.transact("other", (tx) => tx.put(note));
    expect(told).toBe(0);
  });

  test("gives a node with pictures more room, and takes its wires along", () => {
    const { scene } = smallScene();
    const before = scene.node(3)?.box.height ?? 0;
    scene.setPicture("node:root:3", true);
    expect(scene.node(3)?.box.height).toBeGreaterThan(before + 100);
    expect(scene.node(3)?.box.preview).not.toBeNull();
  });
});

describe("what lies under a point", () => {
  test("is a socket before the node that it is on", () => {
    const { scene } = smallScene();
    const place = scene.node(2)?.box.inputs[0];
    const hit = hitAt(scene, [place?.x ?? 0, place?.y ?? 0], REACH);
    expect(hit).toMatchObject({ kind: "socket", socket: { node: 2, side: "input", name: "image" } });
  });

  test("is the arrow, the title, the body or the corner of a node", () => {
    const { scene } = smallScene();
    const kinds = (
      [
        [310, -15],
        [400, -15],
        [400, 60],
        [497, 97],
      ] as const
    ).map((at) => hitAt(scene, at, REACH).kind);
    expect(kinds).toEqual(["fold", "title", "body", "corner"]);
  });

  test("is a wire between nodes, and its group beside it", () => {
    const { scene } = smallScene();
    const [from, to] = scene.wires.get("link:root:1")?.points ?? [];
    const middle = [
      ((from?.[0] ?? 0) + (to?.[0] ?? 0)) / 2,
      ((from?.[1] ?? 0) + (to?.[1] ?? 0)) / 2,
    ] as const;
    expect(hitAt(scene, middle, REACH)).toMatchObject({ kind: "wire", wire: { id: "link:root:1" } });
    expect(hitAt(scene, middle, REACH, false).kind).toBe("empty");
    expect(hitAt(scene, [250, -80], REACH)).toMatchObject({ kind: "group-title", id: "group:root:1" });
    expect(hitAt(scene, [250, 900], REACH).kind).toBe("empty");
  });

  test("has no sockets where they are too small to be aimed at", () => {
    const { scene } = smallScene();
    const place = scene.node(2)?.box.inputs[0];
    expect(hitAt(scene, [place?.x ?? 0, place?.y ?? 0], reachAt(0.2, false)).kind).not.toBe("socket");
  });

  test("is the node drawn last where two overlap", () => {
    const { store, scene } = smallScene();
    store.transact("move", (tx) => moveItems(tx, new Map([["node:root:3", [310, 5]]])));
    expect(nodeUnder(scene, [400, 50])?.id).toBe("node:root:3");
  });
});

describe("joining", () => {
  test("offers only sockets of fitting types, on other nodes, that close no circle", () => {
    const { scene } = smallScene();
    const names = (from: SocketRef) =>
      targetsOf(scene, from).map((target) => `${target.socket.node} ${target.socket.name}`);
    expect(names(socket(scene, 4, "output", "INT"))).toEqual(["2 radius"]);
    expect(names(socket(scene, 1, "output", "IMAGE")).sort()).toEqual(["2 image", "3 image"]);
    expect(names(socket(scene, 2, "input", "image"))).toEqual(["1 IMAGE"]);
  });

  test("adds the socket of a widget that the file lacks", () => {
    const { store, scene } = smallScene();
    const from = socket(scene, 4, "output", "INT");
    store.transact("join", (tx) => join(tx, scene, from, socket(scene, 2, "input", "radius")));
    expect(store.node("root", 2)?.raw.inputs?.[1]).toMatchObject({
      name: "radius",
      widget: { name: "radius" },
      link: 3,
    });
    expect(scene.node(2)?.box.widgets[0]?.linked).toBe(true);
  });

  test("works from the input as well, and replaces what was joined to it", () => {
    const { store, scene } = smallScene();
    store.transact("join", (tx) =>
      join(tx, scene, socket(scene, 3, "input", "image"), socket(scene, 1, "output", "IMAGE")),
    );
    const wire = wireInto(scene, socket(scene, 3, "input", "image"));
    expect(wire?.record.origin).toBe(1);
    expect(scene.wires.size).toBe(2);
  });

  test("takes wires away again", () => {
    const { store, scene } = smallScene();
    store.transact("cut", (tx) => cut(tx, scene, ["link:root:1"]));
    expect(store.node("root", 2)?.raw.inputs?.[0]?.link).toBeNull();
    expect(scene.wires.has("link:root:1")).toBe(false);
  });

  test("prefers free sockets to those of widgets on a node", () => {
    const { scene } = smallScene();
    const item = scene.node(2);
    const any: SocketRef = { node: 99, slot: 0, name: "x", side: "output", type: "*" };
    expect(item && targetsOn(item, any).map((target) => target.socket.name)).toEqual(["image", "radius"]);
  });

  test("snaps only within reach", () => {
    const { scene } = smallScene();
    const targets = targetsOf(scene, socket(scene, 4, "output", "INT"));
    const [x, y] = targets[0]?.at ?? [0, 0];
    expect(nearestTarget(targets, [x + 10, y], 18)).toBe(targets[0]);
    expect(nearestTarget(targets, [x + 30, y], 18)).toBeUndefined();
  });

  test("never joins a node with itself", () => {
    const { scene } = smallScene();
    expect(fits(socket(scene, 2, "output", "IMAGE"), socket(scene, 2, "input", "image"))).toBe(false);
  });
});
