// Runs `canvas.ts` with the order that the environment's LOOM_BENCH holds.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("./canvas.ts", import.meta.url)));
await module.main(JSON.parse(process.env.LOOM_BENCH));
