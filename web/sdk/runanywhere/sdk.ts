/** `RunAnywhere` and `LlamaCPP`: what RunAnywhere's documents call before anything else. */
import type { Status } from "../engines/status.ts";
import { home, tell } from "./home.ts";
import { ModelManager, setLoader, type VLMLoader } from "./manager.ts";
import type { SDKEnvironment } from "./names.ts";
import { type CompactModelDef, remember } from "./registry.ts";

export interface SDKInitOptions {
  /** Remembered; Alcove does the same in each. */
  environment?: SDKEnvironment;
  /** Tells the console what Alcove is doing. */
  debug?: boolean;
}

let environment: SDKEnvironment | null = null;
let initialized = false;

export const RunAnywhere = {
  get isInitialized(): boolean {
    return initialized;
  },
  get environment(): SDKEnvironment | null {
    return environment;
  },

  /** Opens Alcove where the page has not. */
  async initialize({ environment: wanted, debug = false }: SDKInitOptions = {}): Promise<void> {
    const alcove = await home();
    if (debug && !initialized) {
      alcove.addEventListener("status", (event) => {
        const { text, vision } = (event as CustomEvent<Status>).detail;
        console.debug("[Alcove]", vision ? vision.text : text);
      });
    }
    environment = wanted ?? "development";
    initialized = true;
  },

  /** Sets what `ModelManager.loadModel` calls; without it, that is `VLMWorkerBridge.shared`. */
  setVLMLoader(loader: VLMLoader): void {
    setLoader(loader);
  },

  /**
   * Makes models of the hub known, to Alcove as well.
   * @throws AlcoveError `unsupported` for a kind of model that Alcove does not run; `bad-request`
   */
  registerModels(models: CompactModelDef[]): void {
    remember(models);
    tell();
  },

  downloadModel: (modelId: string): Promise<void> => ModelManager.downloadModel(modelId),
  loadModel: (modelId: string): Promise<boolean> => ModelManager.loadModel(modelId),
};

let registered = false;

export const LlamaCPP = {
  moduleId: "llamacpp",
  get isRegistered(): boolean {
    return registered;
  },
  /** llama.cpp is a part of Alcove: this only makes sure that Alcove is open. */
  async register(): Promise<void> {
    await home();
    registered = true;
  },
};

/** For worker files of RunAnywhere's kind. Alcove's own worker does that work, so there is nothing to start. */
export function startVLMWorkerRuntime(): void {}
