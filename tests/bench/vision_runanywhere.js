// RunAnywhere's VLMWorkerBridge, with the pair handed over in memory as it does where the disk is full.
import { VLMWorkerBridge } from "@runanywhere/web-llamacpp";

/** Loads the pair; returns a function that describes one picture. */
export async function load([model, projector]) {
  const bridge = VLMWorkerBridge.shared;
  bridge.workerUrl = "/peer/runanywhere-worker.js";
  await bridge.init(new URL("/peer/racommons-llamacpp.js", location.href).href);
  await bridge.loadModel({
    modelOpfsKey: "bench", modelFilename: "bench.gguf", modelId: "bench", modelName: "bench",
    mmprojOpfsKey: "bench-mmproj", mmprojFilename: "bench-mmproj.gguf",
    modelData: await model.arrayBuffer(), mmprojData: await projector.arrayBuffer(),
  });
  return async ({ data, width, height }, prompt, maxTokens) => {
    const result = await bridge.process(data, width, height, prompt, { maxTokens, temperature: 0 });
    return result.completionTokens;
  };
}
