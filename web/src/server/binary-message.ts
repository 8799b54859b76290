/** Binary messages of the socket: big-endian, a number for what it is, then what that needs. */

/** A picture of what a node is making. */
export interface Preview {
  readonly kind: "preview";
  readonly picture: Blob;
  /** Ids of the node, the node shown in its place, and the job; null where the server did not tell. */
  readonly label: PreviewLabel | null;
}

/** Which node of which job a preview shows the work of. */
export interface PreviewLabel {
  readonly node_id: string;
  readonly display_node_id: string;
  readonly prompt_id: string;
}

/** What a node says about its progress. */
export interface ProgressText {
  readonly kind: "text";
  readonly node: string;
  readonly text: string;
}

const PREVIEW = 1;
const TEXT = 3;
const LABELLED_PREVIEW = 4;
const FORMATS: Readonly<Record<number, string>> = { 1: "image/jpeg", 2: "image/png" };

/** Return what a binary message says; null for kinds that only packs know, and for what is cut short. */
export function readBinary(frame: ArrayBuffer): Preview | ProgressText | null {
  if (frame.byteLength < 8) return null;
  const view = new DataView(frame);
  const second = view.getUint32(4);
  switch (view.getUint32(0)) {
    case PREVIEW: {
      const type = FORMATS[second] ?? "image/jpeg";
      return { kind: "preview", picture: new Blob([frame.slice(8)], { type }), label: null };
    }
    case TEXT:
      return { kind: "text", node: words(frame, 8, 8 + second), text: words(frame, 8 + second) };
    case LABELLED_PREVIEW:
      return labelled(frame, 8 + second);
    default:
      return null;
  }
}

function labelled(frame: ArrayBuffer, start: number): Preview | null {
  if (start > frame.byteLength) return null;
  const label = JSON.parse(words(frame, 8, start)) as PreviewLabel & { image_type?: string };
  const picture = new Blob([frame.slice(start)], { type: label.image_type ?? "image/jpeg" });
  return { kind: "preview", picture, label };
}

const words = (frame: ArrayBuffer, from: number, to?: number): string =>
  new TextDecoder().decode(frame.slice(from, to));
