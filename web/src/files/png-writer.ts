/** Puts texts into PNG pictures, where ComfyUI and its editors look for them. */

const SIGNATURE = 8;
const HEADER = 25;

/** Return the picture with a text under a key; other letters than ASCII are escaped as JSON does. */
export async function withText(picture: Blob, key: string, json: string): Promise<Blob> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const escaped = json.replace(/[^\x20-\x7e]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  const chunk = chunkOf("tEXt", new TextEncoder().encode(`${key}\0${escaped}`));
  const start = SIGNATURE + HEADER;
  return new Blob([bytes.subarray(0, start), chunk, bytes.subarray(start)], { type: "image/png" });
}

function chunkOf(kind: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(kind), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, checksum(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** Return the CRC-32 of bytes as PNG 3, annex D, has it. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
