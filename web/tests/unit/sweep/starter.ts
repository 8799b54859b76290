/** The starter workflow, open, with kinds of nodes as the server tells them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readObjectInfo } from "@/catalogue/object-info";
import { useCatalogue } from "@/catalogue/state";
import { readWorkflow } from "@/document/read";
import type { JsonObject } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { type OpenDocument, useSession } from "@/editor/session";

const ROOT = join(import.meta.dirname, "../../../..");
const LIMIT = 18446744073709551615n;

const required = (inputs: object) => ({ input: { required: inputs }, output: [], output_name: [] });

/** Kinds of the starter's nodes, in the server's words. */
const KINDS = {
  CheckpointLoaderSimple: required({ ckpt_name: [["starter.safetensors", "other.safetensors"]] }),
  CLIPTextEncode: required({ text: ["STRING", { multiline: true }], clip: ["CLIP"] }),
  EmptyLatentImage: required({
    width: ["INT", { default: 64, min: 16, max: 16384, step: 8 }],
    height: ["INT", { default: 64, min: 16, max: 16384, step: 8 }],
    batch_size: ["INT", { default: 1, min: 1, max: 4096 }],
  }),
  KSampler: required({
    model: ["MODEL"],
    seed: ["INT", { default: 0, min: 0, max: Number(LIMIT), control_after_generate: true }],
    steps: ["INT", { default: 20, min: 1, max: 10000 }],
    cfg: ["FLOAT", { default: 8, min: 0, max: 100, step: 0.1 }],
    sampler_name: [["euler", "heun", "dpmpp_2m"]],
    scheduler: [["normal", "karras"]],
    positive: ["CONDITIONING"],
    negative: ["CONDITIONING"],
    latent_image: ["LATENT"],
    denoise: ["FLOAT", { default: 1, min: 0, max: 1, step: 0.01 }],
  }),
  VAEDecode: required({ samples: ["LATENT"], vae: ["VAE"] }),
  SaveImage: {
    ...required({ images: ["IMAGE"], filename_prefix: ["STRING", { default: "a" }] }),
    output_node: true,
  },
};

/** Open the starter in a session of its own. */
export function openStarter(): OpenDocument {
  // jsdom has no windows whose width could be asked for.
  globalThis.matchMedia ??= () => ({ matches: false }) as MediaQueryList;
  useCatalogue.setState({
    catalogue: readObjectInfo(KINDS as unknown as JsonObject),
    loaded: true,
    error: null,
  });
  const json = JSON.parse(readFileSync(join(ROOT, "workflows/text_to_image.json"), "utf8")) as JsonObject;
  const document: OpenDocument = {
    id: "starter",
    title: "Starter",
    path: "workflows/starter.json",
    store: new DocumentStore(readWorkflow(json)),
    savedSteps: 0,
    scopes: ["root"],
    selection: new Set(),
    viewports: {},
  };
  useSession.setState({ documents: [document], activeId: document.id });
  return document;
}

/** Return the kinds of nodes. */
export const kinds = () => useCatalogue.getState().catalogue;
