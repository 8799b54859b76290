// @vitest-environment node
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { embeddedTexts } from "@/files/embedded-texts";
import { checksum, withText } from "@/files/png-writer";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const AFTER_HEADER = 8 + 25;

function chunk(kind: string, data: Buffer): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(kind, 4, "latin1");
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(checksum(Buffer.concat([Buffer.from(kind, "latin1"), data])));
  return Buffer.concat([head, data, tail]);
}

const picture = (...chunks: Buffer<ArrayBuffer>[]) =>
  new Blob([PICTURE.subarray(0, AFTER_HEADER), ...chunks, PICTURE.subarray(AFTER_HEADER)]);

/** Return a TIFF structure with texts in its first directory, as ComfyUI writes EXIF. */
function exif(texts: readonly string[], little: boolean): Buffer<ArrayBuffer> {
  const values = texts.map((text) => Buffer.from(`${text}\0`));
  const directory = 8;
  let place = directory + 2 + values.length * 12 + 4;
  const head = Buffer.alloc(place);
  const u16 = (value: number, at: number) =>
    little ? head.writeUInt16LE(value, at) : head.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    little ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at);
  head.write(little ? "II" : "MM", 0, "latin1");
  u16(42, 2);
  u32(directory, 4);
  u16(values.length, directory);
  for (const [number, value] of values.entries()) {
    const at = directory + 2 + number * 12;
    u16(0x0110 - number, at);
    u16(2, at + 2);
    u32(value.length, at + 4);
    u32(place, at + 8);
    place += value.length;
  }
  return Buffer.concat([head, ...values]);
}

function webp(block: Buffer<ArrayBuffer>): Blob {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(block.length);
  const image = Buffer.from("VP8L\x02\0\0\0ab", "latin1");
  return new Blob([Buffer.from("RIFF\0\0\0\0WEBP", "latin1"), image, Buffer.from("EXIF"), size, block]);
}

function jpeg(block: Buffer<ArrayBuffer>): Blob {
  const data = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), block]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(data.length + 2, 10);
  return new Blob([head, data, Buffer.from([0xff, 0xda, 0, 2])]);
}

function weights(metadata: object, cut = 0): Blob {
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return new Blob([length, header.subarray(0, header.length - cut)]);
}

describe("texts in files", () => {
  it("are read from plain, packed and translated chunks of PNG", async () => {
    const plain = chunk("tEXt", Buffer.from('workflow\0{"nodes":[]}'));
    const packed = chunk("zTXt", Buffer.concat([Buffer.from("prompt\0\0"), deflateSync("{}")]));
    const unicode = chunk("iTXt", Buffer.from("parameters\0\0\0en\0Werte\0Füße"));
    const other = chunk("tEXt", Buffer.from("Software\0x"));
    expect(await embeddedTexts(picture(plain, packed, unicode, other))).toEqual({
      workflow: '{"nodes":[]}',
      prompt: "{}",
      parameters: "Füße",
    });
  });

  it("are read from a packed translated chunk, and Latin-1 where it is no UTF-8", async () => {
    const packed = chunk("iTXt", Buffer.concat([Buffer.from("workflow\0\x01\0\0\0"), deflateSync("{}")]));
    const latin = chunk("tEXt", Buffer.from("parameters\0F\xfc\xdfe", "latin1"));
    expect(await embeddedTexts(picture(packed, latin))).toEqual({ workflow: "{}", parameters: "Füße" });
  });

  it("are read from the EXIF of WebP and JPEG in both byte orders", async () => {
    const texts = ['prompt:{"1":{}}', 'Workflow:{"nodes":[]}', "no colon here"];
    const wanted = { prompt: '{"1":{}}', workflow: '{"nodes":[]}' };
    for (const little of [true, false]) {
      expect(await embeddedTexts(webp(exif(texts, little)))).toEqual(wanted);
      expect(await embeddedTexts(jpeg(exif(texts, little)))).toEqual(wanted);
    }
  });

  it("are read from the header of weights", async () => {
    expect(await embeddedTexts(weights({ workflow: "{}", format: "pt" }))).toEqual({ workflow: "{}" });
  });

  it("are an error in one sentence where the file is cut off or damaged", async () => {
    const whole = chunk("tEXt", Buffer.from(`workflow\0${"x".repeat(500)}`));
    const cut = new Blob([PICTURE.subarray(0, AFTER_HEADER), whole.subarray(0, 90)]);
    await expect(embeddedTexts(cut)).rejects.toThrow("cut off");
    const bad = chunk("zTXt", Buffer.from("workflow\0\0nonsense"));
    await expect(embeddedTexts(picture(bad))).rejects.toThrow("damaged");
    await expect(embeddedTexts(weights({ workflow: "{}" }, 5))).rejects.toThrow("cut off");
    await expect(embeddedTexts(webp(exif(["prompt:{}"], true).subarray(0, 30)))).rejects.toThrow("damaged");
  });

  it("that are put into a picture are found again, letters of all scripts included", async () => {
    const json = JSON.stringify({ text: "猫 Füße 🐈" });
    const found = await embeddedTexts(await withText(picture(), "workflow", json));
    expect(JSON.parse(found?.workflow ?? "")).toEqual({ text: "猫 Füße 🐈" });
  });
});
