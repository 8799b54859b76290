import { expect, test } from "vitest";
import { outputItems } from "@/run/outputs";

test("pictures, films, sounds, texts and other files are told apart, in their order", () => {
  const items = outputItems({
    images: [
      { filename: "a.png", subfolder: "x", type: "temp" },
      { filename: "b.webp", subfolder: "", type: "output" },
    ],
    animated: [true],
    gifs: [{ filename: "c.bin", subfolder: "", type: "output", format: "video/h264-mp4" }],
    audio: [{ filename: "d.flac", subfolder: "", type: "output" }],
    text: ["hello", 3],
    files: [{ filename: "e.safetensors" }],
  });
  expect(items.map(({ kind, filename, text }) => [kind, text ?? filename])).toEqual([
    ["image", "a.png"],
    ["image", "b.webp"],
    ["video", "c.bin"],
    ["audio", "d.flac"],
    ["text", "hello"],
    ["text", "3"],
    ["other", "e.safetensors"],
  ]);
  expect(items[0]).toMatchObject({ subfolder: "x", type: "temp" });
  expect(items[0]?.url).toContain("subfolder=x");
  expect(items.at(-1)?.type).toBe("output");
});

test.each([
  [null],
  [{}],
  [{ images: "no list" }],
  [{ images: [null, 3, { name: "no file" }] }],
  [{ numbers: ["1"] }],
])("of %j nothing is shown", (output) => {
  expect(outputItems(output)).toEqual([]);
});
