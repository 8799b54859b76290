/** Leaves the built files compressed beside them, so that servers send them as they are. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXTS = /\.(js|css|html|svg|json|wasm)$/;
const WORTH_IT = 1024;

/** Return the plugin: `x.js` gets `x.js.br` and `x.js.gz`, files shorter than a kilobyte get neither. */
export function compressedFiles(): Plugin {
  let folder = "";
  return {
    name: "compressed-files",
    apply: "build",
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: () => {
      for (const path of filesBeneath(folder)) {
        const content = TEXTS.test(path) ? readFileSync(path) : Buffer.alloc(0);
        if (content.length < WORTH_IT) continue;
        const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: size }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

function filesBeneath(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBeneath(path) : [path]));
}
