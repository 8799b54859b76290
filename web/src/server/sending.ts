/** Requests whose body may be long: how much of it is sent is told, and they can be taken back. */

import { parseExact } from "@/document/exact-json";
import { text } from "@/i18n/language";
import { apiUrl, refused, ServerError } from "./api";

/** What a request that was taken back ends with, as the kind of its ServerError. */
export const CANCELLED = "cancelled";

interface Sending {
  /** Takes the request back. */
  readonly signal: AbortSignal;
  /** Hears how many bytes are sent, of how many. */
  readonly onProgress: (sent: number, all: number) => void;
}

/** Post a form and return the JSON that the server answers; throws a ServerError. */
export async function postForm<T>(path: string, form: FormData, sending: Sending): Promise<T> {
  const answer = await posted(path, form, sending);
  if (!answer.ok) throw await refused(answer);
  return parseExact(await answer.text()) as T;
}

/** `fetch` does not tell how much of a body is sent. */
function posted(path: string, form: FormData, { signal, onProgress }: Sending): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const end = (kind: string, message: string) => reject(new ServerError(0, kind, message));
    request.open("POST", apiUrl(path));
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => end("unreachable", text("run.unreachable"));
    request.onabort = () => end(CANCELLED, text("run.uploadCancelled"));
    if (signal.aborted) {
      end(CANCELLED, text("run.uploadCancelled"));
      return;
    }
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
