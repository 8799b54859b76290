// Resolves on `executed` and `execution_success`; with and without the socket.
import { Client } from "@stable-canvas/comfyui-client";
import WebSocket from "ws";
import { each, fetched, host } from "./driving.mjs";

const client = new Client({ api_host: host, WebSocket, fetch });
await client.connect();
await each(async (workflow) => {
  const progress = [];
  const told = ({ value, max }) => progress.push([value, max]);
  const listened = await client.enqueue(workflow, { progress: told });
  const polled = await client.enqueue_polling(workflow, { polling_ms: 20 });
  const { History } = await client.getHistory(5);
  return {
    picture: await fetched(listened.images[0].data),
    polled: polled.images.length,
    progress,
    history: History.length,
    samplers: await client.getSamplers(),
    checkpoints: await client.getSDModels(),
    embeddings: await client.getEmbeddings(),
    settings: await client.getSettings(),
  };
});
client.close();
