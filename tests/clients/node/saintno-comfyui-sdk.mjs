// Probes the server's features first, then follows its job by `executed` of each output node.
import { CallWrapper, ComfyApi, PromptBuilder } from "@saintno/comfyui-sdk";
import { each, fetched, url } from "./driving.mjs";

const api = new ComfyApi(url);
await api.init(5, 200).waitForReady();
await each(async (workflow) => {
  const builder = new PromptBuilder(workflow, [], ["images"]).setOutputNode("images", "2");
  const progress = [];
  const result = await new Promise((resolve, reject) => {
    new CallWrapper(api, builder)
      .onProgress(({ value, max }) => progress.push([value, max]))
      .onFailed(reject)
      .onFinished(resolve)
      .run();
  });
  const [image] = result.images.images;
  return {
    picture: await fetched(api.getPathImage(image)),
    progress,
    checkpoints: await api.getCheckpoints(),
    history: Object.keys(await api.getHistories(5)).length,
  };
});
api.destroy();
