import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compressedFiles } from "./compressed-files";

const server = process.env.LOOM_SERVER ?? "http://127.0.0.1:8188";
const passedOn = ["/api", "/ws", "/prompt", "/object_info", "/view", "/upload", "/docs", "/templates"];

export default defineConfig({
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  esbuild: { jsx: "automatic" },
  plugins: [compressedFiles()],
  build: {
    outDir: "dist",
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    license: { fileName: "licenses.md" },
    rollupOptions: {
      // Each file costs a round trip; what is small comes with what needs it.
      output: { experimentalMinChunkSize: 16_000 },
      // Packages say "use client" for servers that draw components; there is none here.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
  server: {
    proxy: Object.fromEntries(passedOn.map((path) => [path, { target: server, ws: path === "/ws" }])),
  },
  test: {
    fileParallelism: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          setupFiles: ["tests/unit/setup.ts"],
          // Only what hangs may fail for its time; beside other work each test takes many times as long.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          // A browser beside other work may miss a moment; what fails twice is broken.
          retry: 1,
        },
      },
    ],
  },
});
