/** `VLM`: a model that sees, on the same eye as `VLMWorkerBridge`. */
import type { Picture } from "../pictures/picture.ts";
import { type VLMGenerationResult, VLMWorkerBridge } from "./bridge.ts";
import { asSdk, SDKError, SDKErrorCode } from "./errors.ts";
import { emit } from "./events.ts";
import { requireInitialized } from "./home.ts";
import { fetched, loading, unloaded } from "./moves.ts";
import { ModelCategory, VLMImageFormat, type VLMModelFamily } from "./names.ts";
import { rememberFiles, VISION } from "./registry.ts";

export interface VLMImage {
  format: VLMImageFormat;
  /** The address of a picture, relative to the page. */
  filePath?: string;
  /** 3 bytes a pixel; RunAnywhere's documents call them both names. */
  rgbPixels?: Uint8Array;
  pixelData?: Uint8Array;
  base64Data?: string;
  width?: number;
  height?: number;
}

export interface VLMGenerationOptions {
  /** Default 512. */
  maxTokens?: number;
  /** Default 0.7. */
  temperature?: number;
  /** Default 0.9. */
  topP?: number;
  systemPrompt?: string;
  /** Accepted: the model's file says what it is. */
  modelFamily?: VLMModelFamily;
  streaming?: boolean;
}

let loaded: string | undefined;

export const VLM = {
  extensionName: "VLM",

  /**
   * Loads a GGUF model and its projector, in place of the one before.
   * @param modelPath, mmprojPath their addresses, relative to the page; both are downloaded once and kept
   * @throws SDKError as `TextGeneration.loadModel`
   */
  async loadModel(
    modelPath: string,
    mmprojPath: string,
    modelId: string,
    modelName: string = modelId,
  ): Promise<void> {
    requireInitialized();
    const about = { id: modelId, name: modelName, vision: VISION };
    rememberFiles([modelPath, mmprojPath], about, ModelCategory.Multimodal);
    await fetched(modelId);
    await loading(modelId, ModelCategory.Multimodal, () => VLMWorkerBridge.shared.loadModel({ modelId }));
    loaded = modelId;
  },

  async unloadModel(): Promise<void> {
    await VLMWorkerBridge.shared.unloadModel();
    if (loaded) unloaded(loaded, ModelCategory.Multimodal);
    loaded = undefined;
  },

  get isModelLoaded(): boolean {
    return VLMWorkerBridge.shared.isModelLoaded;
  },

  /**
   * After `cancel()` it resolves with what was said so far.
   * @throws SDKError `NotInitialized`, `ModelNotLoaded`, `InvalidParameter` for what is no picture, `BackendError`
   */
  async process(
    image: VLMImage,
    prompt: string,
    options: VLMGenerationOptions = {},
  ): Promise<VLMGenerationResult> {
    requireInitialized();
    const { modelFamily: _, streaming: __, ...rest } = options;
    const picture = await pictureOf(image);
    const noModel = { "model-not-found": SDKErrorCode.ModelNotLoaded };
    const result = await asSdk(VLMWorkerBridge.shared.look(picture, prompt, rest), noModel);
    const { tokensPerSecond, totalTokens, hardwareUsed } = result;
    emit("vlm.processed", { tokensPerSecond, totalTokens, hardwareUsed });
    return result;
  },

  cancel(): void {
    VLMWorkerBridge.shared.cancel();
  },

  async cleanup(): Promise<void> {
    await VLM.unloadModel();
  },
};

async function pictureOf(image: VLMImage): Promise<Picture> {
  const { rgbPixels, pixelData = rgbPixels, width, height } = image ?? {};
  if (image?.format === VLMImageFormat.RGBPixels && pixelData && width && height) {
    return { data: pixelData, width, height };
  }
  if (image?.format === VLMImageFormat.Base64 && image.base64Data) return image.base64Data;
  if (image?.format === VLMImageFormat.FilePath && image.filePath) return fileAt(image.filePath);
  throw new SDKError(SDKErrorCode.InvalidParameter, "This is no picture.", undefined, {
    action: "Give rgbPixels with width and height, base64Data, or filePath, and the format that says which.",
  });
}

async function fileAt(path: string): Promise<Blob> {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => undefined);
  if (response?.ok) return response.blob();
  throw new SDKError(SDKErrorCode.FileNotFound, `There is no picture at ${path}.`, response?.statusText);
}
