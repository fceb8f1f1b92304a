/** `ModelManager`: RunAnywhere's way to download and load, on `alcove.models` and on whatever loads its VLMs. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { type VLMLoadModelParams, VLMWorkerBridge } from "./bridge.ts";
import { home } from "./home.ts";

/** What `RunAnywhere.setVLMLoader` takes. */
export interface VLMLoader {
  readonly isInitialized: boolean;
  init(): Promise<void>;
  loadModel(params: VLMLoadModelParams): Promise<void>;
  unloadModel(): Promise<void>;
}

let loader: VLMLoader | undefined;
let loadedId: string | null = null;

const current = (): VLMLoader => loader ?? VLMWorkerBridge.shared;

/** Sets what `ModelManager.loadModel` calls; `VLMWorkerBridge.shared` where nothing was set. */
export function setLoader(vlm: VLMLoader): void {
  loader = vlm;
}

export const ModelManager = {
  /** @throws AlcoveError `model-not-found`, `download-failed`, `integrity`, `quota` */
  async downloadModel(modelId: string): Promise<void> {
    await (await home()).models.download(modelId);
  },

  /**
   * Loads a model that sees. Resolves to true; a failure is thrown.
   * @throws AlcoveError `unsupported` for a language model: `openAlcove().openSession({ model })` loads those
   */
  async loadModel(modelId: string): Promise<boolean> {
    const model = await (await home()).models.find(modelId);
    if (model.engine !== "llamacpp" || !model.vision) {
      throw new AlcoveError("unsupported", `"${modelId}" is a language model.`, {
        action: "Open a conversation with it: openSession({ model }).",
      });
    }
    const vlm = current();
    if (!vlm.isInitialized) await vlm.init();
    await vlm.loadModel({ modelId, modelName: model.name });
    loadedId = modelId;
    return true;
  },

  /** Frees the model, if it is the one that is loaded. */
  async unloadModel(modelId: string): Promise<void> {
    if (loadedId !== modelId) return;
    loadedId = null;
    await current().unloadModel();
  },

  /** Deletes a model's files from this device. */
  async deleteModel(modelId: string): Promise<void> {
    await ModelManager.unloadModel(modelId);
    await (await home()).models.remove(modelId);
  },

  getLoadedModelId(): string | null {
    return loadedId;
  },
};
