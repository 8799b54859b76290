/** What a page asks for, counted. */

import type { CDPSession } from "playwright-core";

/** Counts that grow as answers come in. */
export interface Traffic {
  /** Bytes as they came over the wire, headers included. */
  wireBytes: number;
  /** Bytes of the bodies, unpacked. */
  bytes: number;
  requests: number;
}

/** Count what a page asks for from now on. */
export async function counted(session: CDPSession): Promise<Traffic> {
  const traffic: Traffic = { wireBytes: 0, bytes: 0, requests: 0 };
  session.on("Network.dataReceived", ({ dataLength }) => {
    traffic.bytes += dataLength;
  });
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    traffic.wireBytes += encodedDataLength;
    traffic.requests += 1;
  });
  await session.send("Network.enable");
  return traffic;
}
