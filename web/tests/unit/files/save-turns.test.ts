import { expect, it } from "vitest";
import { inTurn, savesEnded } from "@/files/save-turns";

/** Return a promise and what settles it. */
function open<T>() {
  let settle: (value: T) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  return { promise, settle, fail };
}

it("lets saves of one document follow one another, and those of another go on", async () => {
  const first = open<string>();
  const order: string[] = [];
  const one = inTurn("a", () => first.promise.then((text) => order.push(text)));
  const two = inTurn("a", async () => order.push("second"));
  await inTurn("b", async () => order.push("other"));
  expect(order).toEqual(["other"]);
  first.settle("first");
  await Promise.all([one, two]);
  expect(order).toEqual(["other", "first", "second"]);
});

it("waits for saves that were begun while others were waited for", async () => {
  const [first, second] = [open<number>(), open<number>()];
  const saves = [inTurn("a", () => first.promise)];
  let ended = false;
  const waited = savesEnded("a").then(() => {
    ended = true;
  });
  saves.push(inTurn("a", () => second.promise));
  first.settle(1);
  await saves[0];
  await Promise.resolve();
  expect(ended).toBe(false);
  second.settle(2);
  await waited;
  expect(await Promise.all(saves)).toEqual([1, 2]);
});

it("goes on after a save that failed, which tells its own caller alone", async () => {
  const first = open<never>();
  const failing = inTurn("a", () => first.promise);
  const next = inTurn("a", async () => "saved");
  first.fail(new Error("disk full"));
  await expect(failing).rejects.toThrow("disk full");
  expect(await next).toBe("saved");
  await savesEnded("a");
});
