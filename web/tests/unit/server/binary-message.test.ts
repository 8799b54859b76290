import { expect, test } from "vitest";
import { readBinary } from "@/server/binary-message";

/** A message as the server writes it: big-endian numbers, then bytes. */
function frame(...parts: readonly (number | string)[]): ArrayBuffer {
  const bytes = parts.flatMap((part) =>
    typeof part === "number"
      ? [(part >>> 24) & 255, (part >>> 16) & 255, (part >>> 8) & 255, part & 255]
      : [...new TextEncoder().encode(part)],
  );
  return new Uint8Array(bytes).buffer;
}

test("a plain preview is a picture of which nobody says whose it is", () => {
  const read = readBinary(frame(1, 2, "bytes"));
  expect(read).toMatchObject({ kind: "preview", label: null });
  expect(read?.kind === "preview" && [read.picture.type, read.picture.size]).toEqual(["image/png", 5]);
});

test("a labelled preview says whose it is and in which format", () => {
  const label = JSON.stringify({
    node_id: "5.0.1",
    display_node_id: "5",
    prompt_id: "job",
    image_type: "image/jpeg",
  });
  const read = readBinary(frame(4, label.length, label, "jpeg"));
  expect(read).toMatchObject({ kind: "preview", label: { display_node_id: "5", prompt_id: "job" } });
  expect(read?.kind === "preview" && [read.picture.type, read.picture.size]).toEqual(["image/jpeg", 4]);
});

test("words about progress name their node, both in any letters", () => {
  const name = new TextEncoder().encode("12:采样").length;
  expect(readBinary(frame(3, name, "12:采样", "第 3 步"))).toEqual({
    kind: "text",
    node: "12:采样",
    text: "第 3 步",
  });
});

test.each([
  ["too short for a head", frame(1)],
  ["a kind of a pack", frame(99, 0, "anything")],
  ["a label longer than the message", frame(4, 1000, "{}")],
])("a message that is %s says nothing", (_, bytes) => {
  expect(readBinary(bytes)).toBeNull();
});
