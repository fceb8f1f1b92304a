/** `RunAnywhere` and `LlamaCPP`: what RunAnywhere's documents call before anything else. */
import { BUILD } from "../../../workers/build.ts";
import type { Status } from "../engines/status.ts";
import { asSdk, SDKErrorCode } from "./errors.ts";
import { EventBus, emit } from "./events.ts";
import { home, isInitialized, moveOut, setInitialized, tell } from "./home.ts";
import { prepareValidation } from "./json/structured-output.ts";
import { LogLevel, SDKLogger } from "./logger.ts";
import { forgetAll, type ManagedModel } from "./managed.ts";
import { ModelManager, refresh, type VLMLoader } from "./manager.ts";
import type { AccelerationPreference, ModelCategory, SDKEnvironment } from "./names.ts";
import { type CompactModelDef, forgetModels } from "./registry.ts";
import { TextGeneration } from "./text/text-generation.ts";

export interface SDKInitOptions {
  /** Accepted and never sent: nothing here asks a server of RunAnywhere's. */
  apiKey?: string;
  baseURL?: string;
  /** Remembered; Alcove does the same in each. */
  environment?: SDKEnvironment;
  /** Tells the console what Alcove is doing. */
  debug?: boolean;
  /** Accepted: GGUF models compute on the processor, WebLLM's on the graphics card. */
  acceleration?: AccelerationPreference;
}

const logger = new SDKLogger("RunAnywhere");
let environment: SDKEnvironment | null = null;

export const RunAnywhere = {
  get isInitialized(): boolean {
    return isInitialized();
  },
  get environment(): SDKEnvironment | null {
    return environment;
  },
  get version(): string {
    return BUILD.version;
  },
  get events(): EventBus {
    return EventBus.shared;
  },

  /** Opens Alcove where the page has not. @throws SDKError `InitializationFailed` */
  async initialize({ environment: chosen, debug = false }: SDKInitOptions = {}): Promise<void> {
    const failing = { "engine-crashed": SDKErrorCode.InitializationFailed };
    const [alcove] = await asSdk(Promise.all([home(), prepareValidation()]), failing);
    if (debug && !isInitialized()) {
      SDKLogger.level = Math.min(SDKLogger.level, LogLevel.Debug) as LogLevel;
      alcove.addEventListener("status", (event) => {
        const { text, vision } = (event as CustomEvent<Status>).detail;
        logger.debug(vision ? vision.text : text);
      });
    }
    environment = chosen ?? "development";
    setInitialized(true);
    emit("sdk.initialized", { environment });
    void refresh().catch(() => undefined);
  },

  /** Sets what `ModelManager.loadModel` calls; without it, that is `VLMWorkerBridge.shared`. */
  setVLMLoader: (loader: VLMLoader): void => ModelManager.setVLMLoader(loader),

  /**
   * Makes models of the hub known, to Alcove as well.
   * @throws AlcoveError `unsupported` for a kind of model that Alcove does not run; `bad-request`
   */
  registerModels(models: CompactModelDef[]): void {
    ModelManager.registerModels(models);
    tell();
  },

  downloadModel: (modelId: string): Promise<void> => ModelManager.downloadModel(modelId),
  loadModel: (modelId: string): Promise<boolean> => ModelManager.loadModel(modelId),
  deleteModel: (modelId: string): Promise<void> => ModelManager.deleteModel(modelId),
  availableModels: (): ManagedModel[] => ModelManager.getModels(),
  getLoadedModel: (category?: ModelCategory): ManagedModel | null => ModelManager.getLoadedModel(category),
  unloadAll: (): Promise<void> => ModelManager.unloadAll(),

  importModelFromFile: (file: File, { modelId }: { modelId?: string } = {}): Promise<string> =>
    ModelManager.importModel(file, modelId),

  /** Lets the person choose a file, after a click of theirs; null where they choose none. */
  async importModelFromPicker({
    modelId,
    accept = [".gguf"],
  }: {
    modelId?: string;
    accept?: string[];
  } = {}): Promise<string | null> {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept.join(",");
    const chosen = new Promise<File | undefined>((resolve) => {
      input.addEventListener("change", () => resolve(input.files?.[0]));
      input.addEventListener("cancel", () => resolve(undefined));
    });
    input.click();
    const file = await chosen;
    return file ? ModelManager.importModel(file, modelId) : null;
  },

  /** Unloads what is loaded, and closes the Alcove that was opened for it; one of the page's stays. */
  shutdown(): void {
    if (!isInitialized()) return;
    setInitialized(false);
    environment = null;
    // Whoever initializes again while this one is being closed has a new one.
    const close = moveOut();
    void Promise.allSettled([TextGeneration.unloadModel(), ModelManager.unloadAll()]).then(close);
  },

  /** The same, and forgets registered models and listeners. Files stay on the device. */
  reset(): void {
    RunAnywhere.shutdown();
    forgetAll();
    forgetModels();
    EventBus.reset();
  },
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
