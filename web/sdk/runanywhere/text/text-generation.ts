/** `TextGeneration`: a model that writes, on `alcove.complete`. */
import { SDKError, SDKErrorCode } from "../errors.ts";
import { home, opened, requireInitialized } from "../home.ts";
import { manage } from "../managed.ts";
import { adopted, fetched, loading, unloaded } from "../moves.ts";
import { HardwareAcceleration, LLMFramework, ModelCategory } from "../names.ts";
import { rememberFiles } from "../registry.ts";
import { Generation, type LLMGenerationOptions, type LLMGenerationResult } from "./generation.ts";
import { setWriter, stopAll, stopped, writer } from "./writer.ts";

/** What `loadModelFromData` takes: a whole file, or RunAnywhere's context of a load. */
export type ModelData =
  | ArrayBuffer
  | Uint8Array
  | Blob
  | { model: { id: string; name?: string }; data: Uint8Array };

export const TextGeneration = {
  extensionName: "TextGeneration",

  /**
   * Loads a GGUF file, in place of the model before.
   * @param modelPath its address, relative to the page; it is downloaded once and kept
   * @throws SDKError `NotInitialized`, `InvalidParameter`, `DownloadFailed`, `ModelInvalidFormat` and what else a load
   *   fails with
   */
  async loadModel(modelPath: string, modelId: string, modelName: string = modelId): Promise<void> {
    requireInitialized();
    wantText(modelPath, "modelPath");
    wantText(modelId, "modelId");
    rememberFiles([modelPath], { id: modelId, name: modelName }, ModelCategory.Language);
    await openTextModel(modelId);
  },

  /** The same with the file's bytes, which are kept as an import of the person's is. */
  async loadModelFromData(data: ModelData, modelId?: string, modelName?: string): Promise<void> {
    requireInitialized();
    const given = "model" in data ? data : { model: { id: modelId, name: modelName }, data };
    const { id, name = id } = given.model;
    if (!id) throw new SDKError(SDKErrorCode.InvalidParameter, "The model has no id.");
    const file = new File([given.data as BlobPart], `${id}.gguf`);
    await loading(id, ModelCategory.Language, async () => {
      const entry = await (await home()).models.importFile(file);
      const about = { id, name: name ?? id, url: "", framework: LLMFramework.LlamaCpp };
      manage({ ...about, modality: ModelCategory.Language, sizeBytes: entry.bytes }, entry.id);
      await load(id);
    });
  },

  /** Gives the model up, and what runs ends. */
  async unloadModel(): Promise<void> {
    const before = writer();
    if (!before) return;
    setWriter(undefined);
    TextGeneration.cancel();
    (await opened())?.unload();
    unloaded(before.id, ModelCategory.Language);
  },

  get isModelLoaded(): boolean {
    return writer() !== undefined;
  },

  get loadedModelId(): string | null {
    return writer()?.id ?? null;
  },

  /**
   * Generations take turns. One that is cancelled resolves with what was said so far.
   * @throws SDKError `NotInitialized`, `ModelNotLoaded`, `InvalidPrompt`, `InvalidParameter`, `ContextLengthExceeded`,
   *   `GenerationCancelled` before it began, `BackendError` (the next one has a new engine)
   */
  generate(prompt: string, options: LLMGenerationOptions = {}): Promise<LLMGenerationResult> {
    return TextGeneration.generateStream(prompt, options).result;
  },

  /**
   * The same piece by piece: to be iterated, or awaited for `{stream, result, cancel}`. A loop that is left stops it.
   */
  generateStream(prompt: string, options: LLMGenerationOptions = {}): Generation {
    const outer = stopped();
    return new Generation(async (push, signal) => {
      const { writeText } = await import("./writing.ts");
      return writeText(prompt, options, {}, { push, signal: AbortSignal.any([signal, outer]) });
    });
  },

  /** Ends what runs and waits. */
  cancel(): void {
    stopAll();
  },

  async cleanup(): Promise<void> {
    await TextGeneration.unloadModel();
  },
};

/** Downloads and loads a model that writes, by its id. @throws SDKError */
export async function openTextModel(id: string): Promise<void> {
  await fetched(id);
  await loading(id, ModelCategory.Language, () => load(id));
}

async function load(id: string): Promise<void> {
  const spec = await adopted(id);
  const { device } = await (await home()).load(spec.id);
  setWriter({
    id,
    framework: spec.engine === "webllm" ? LLMFramework.MLC : LLMFramework.LlamaCpp,
    hardware: /gpu/i.test(device) ? HardwareAcceleration.WebGPU : HardwareAcceleration.CPU,
  });
}

function wantText(value: unknown, name: string): void {
  if (typeof value === "string" && value !== "") return;
  throw new SDKError(SDKErrorCode.InvalidParameter, `${name} is no text, or an empty one.`);
}
