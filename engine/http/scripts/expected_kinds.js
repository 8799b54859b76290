// Older versions of ComfyUI's front end (1.27 is one) take for granted that these loaders exist:
// where one is missing, they fail to make any node that chooses a model. What is missing is
// described to their list of kinds here, marked as deprecated so that no menu shows it, and only
// after the kinds that exist were made known, so that it stays missing in workflows that name it.
import { app } from "../../scripts/app.js";

const EXPECTED = [
  "CheckpointLoaderSimple",
  "ControlNetLoader",
  "GLIGENLoader",
  "ImageOnlyCheckpointLoader",
  "LoraLoader",
  "LoraLoaderModelOnly",
  "StyleModelLoader",
  "UNETLoader",
  "UpscaleModelLoader",
  "VAELoader",
];

let known = {};

app.registerExtension({
  name: "Latentloom.ExpectedKinds",
  addCustomNodeDefs(definitions) {
    known = definitions;
  },
  registerCustomNodes() {
    for (const name of EXPECTED)
      known[name] ??= {
        name,
        display_name: name,
        description: "",
        category: "",
        python_module: "nodes",
        input: { required: {} },
        input_order: { required: [] },
        output: [],
        output_is_list: [],
        output_name: [],
        output_node: false,
        deprecated: true,
      };
  },
});
