// The classic flow: listen, submit, wait for the end marker, read the history, fetch.
import { randomUUID } from "node:crypto";
import { ComfyUIClient } from "comfy-ui-client";
import { each, host } from "./driving.mjs";

const client = new ComfyUIClient(host, randomUUID());
await client.connect();
await each(async (workflow) => {
  const images = await client.getImages(workflow);
  const [{ blob, image }] = images["2"];
  return {
    picture: new Uint8Array(await blob.arrayBuffer()),
    name: image.filename,
    embeddings: await client.getEmbeddings(),
    extensions: await client.getExtensions(),
    remaining: (await client.getPrompt()).exec_info.queue_remaining,
    devices: (await client.getSystemStats()).devices.length,
    history: Object.keys(await client.getHistory()).length,
    metadata: await client.viewMetadata("checkpoints", "starter.safetensors"),
  };
});
await client.disconnect();
