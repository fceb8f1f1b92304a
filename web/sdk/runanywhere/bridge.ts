/** `VLMWorkerBridge`: pictures in, words out, on `openVision`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Picture } from "../pictures/picture.ts";
import type { Eye, VisionResult } from "../sessions/eye.ts";
import { home } from "./home.ts";
import { HardwareAcceleration } from "./names.ts";

/** What RunAnywhere's ModelManager hands to a loader; Alcove finds the files by the model's id. */
export interface VLMLoadModelParams {
  modelId: string;
  modelName?: string;
  [file: string]: unknown;
}

export interface VLMProcessOptions {
  /** Default 512. */
  maxTokens?: number;
  /** Default 0.7. */
  temperature?: number;
  /** Default 0.9. */
  topP?: number;
  systemPrompt?: string;
}

export type VLMGenerationResult = Omit<VisionResult, "finishReason" | "hardwareUsed"> & {
  hardwareUsed: HardwareAcceleration;
};

export class VLMWorkerBridge {
  static readonly #shared = new VLMWorkerBridge();

  static get shared(): VLMWorkerBridge {
    return VLMWorkerBridge.#shared;
  }

  /** Kept for code that sets it. The worker comes with `alcove.js`, so there is nothing to bundle and point at. */
  workerUrl: string | URL = "";
  #initialized = false;
  #eye: Eye | null = null;
  #loaded = false;
  #stop = new AbortController();

  get isInitialized(): boolean {
    return this.#initialized;
  }

  /** Stays true over a crash: the model is loaded again by itself. */
  get isModelLoaded(): boolean {
    return this.#loaded;
  }

  /** Opens Alcove where the page has not. @param _wasmJsUrl not used: the engine comes with `alcove.js` */
  async init(_wasmJsUrl?: string): Promise<void> {
    await home();
    this.#initialized = true;
  }

  /**
   * Loads a model that sees, in place of the one before; downloads it first where needed.
   * @throws AlcoveError `model-not-found`, `bad-request` for one that cannot see, and what the load fails with
   */
  async loadModel({ modelId }: VLMLoadModelParams): Promise<void> {
    await this.init();
    const eye = await (await home()).openVision({ model: modelId });
    const before = this.#eye;
    this.#eye = eye;
    this.#loaded = false;
    if (before) before.close();
    await eye.ready();
    if (this.#eye === eye) this.#loaded = true;
  }

  /**
   * Looks at a picture of 3 bytes a pixel (RGB). After `cancel()` it resolves with what was said so far.
   * @throws AlcoveError as `Eye.describe`; `model-not-found` when no model is loaded. The message of a crash holds
   *   "RuntimeError", by which RunAnywhere's examples know that the next frame will work.
   */
  async process(
    rgbPixels: Uint8Array,
    width: number,
    height: number,
    prompt: string,
    options: VLMProcessOptions = {},
  ): Promise<VLMGenerationResult> {
    return this.look({ data: rgbPixels, width, height }, prompt, options);
  }

  /** The same with a picture in any form that `Eye.describe` takes. */
  async look(
    picture: Picture,
    prompt: string,
    { maxTokens = 512, temperature = 0.7, topP = 0.9, systemPrompt }: VLMProcessOptions = {},
  ): Promise<VLMGenerationResult> {
    const eye = this.#eye;
    if (!eye) {
      throw new AlcoveError("model-not-found", "No vision model is loaded.", {
        action: "Call loadModel() first.",
      });
    }
    const options = { maxTokens, temperature, topP, ...(systemPrompt === undefined ? {} : { systemPrompt }) };
    try {
      const { finishReason: _, ...result } = await eye.describe(picture, prompt, {
        ...options,
        signal: this.#stop.signal,
      });
      const { WebGPU, CPU } = HardwareAcceleration;
      return { ...result, hardwareUsed: /gpu/i.test(result.hardwareUsed) ? WebGPU : CPU };
    } catch (thrown) {
      throw thrown instanceof AlcoveError && thrown.code === "engine-crashed" ? recoverable(thrown) : thrown;
    }
  }

  /** Ends what is being looked at. */
  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async unloadModel(): Promise<void> {
    this.#eye?.close();
    this.#eye = null;
    this.#loaded = false;
  }

  /** Ends the worker; what runs fails with `cancelled`. */
  terminate(): void {
    void this.unloadModel();
    this.#initialized = false;
  }
}

const recoverable = ({ message, action, detail = "" }: AlcoveError): AlcoveError =>
  new AlcoveError("engine-crashed", `${message} (RuntimeError: the next frame gets a new engine.)`, {
    action,
    detail,
  });
