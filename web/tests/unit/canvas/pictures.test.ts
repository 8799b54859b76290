import { afterEach, expect, test, vi } from "vitest";
import { clearPictures, onPictures, pictureOf, showPicture } from "@/canvas/paint/pictures";
import { nodeId, ROOT } from "@/document/records";
import { smallScene } from "./small-workflow";

afterEach(() => {
  clearPictures();
  vi.unstubAllGlobals();
});

test("a node of another workflow does not show the picture of the one with its id", () => {
  const fetched = vi.fn(() => Promise.reject(new Error("there is no server")));
  vi.stubGlobal("fetch", fetched);
  const item = smallScene().scene.node(3);
  if (!item) throw new Error("there is no node 3");
  showPicture(nodeId(ROOT, 3), "/view?filename=of-the-first.png");
  const told = vi.fn();
  const stop = onPictures(told);
  clearPictures();
  stop();
  expect(told).toHaveBeenCalledOnce();
  expect(pictureOf(item)).toBeUndefined();
  expect(fetched).not.toHaveBeenCalled();
});
