/** What happens to a model, told to the list of models and to the event bus: downloads, loads, and their ends. */
import type { ModelSpec } from "../../../workers/engine/contract.ts";
import { makesEmbeddings } from "../../../workers/engine/embedding.ts";
import { sees } from "../models/sees.ts";
import { MOVING, SDKErrorCode, sdkError } from "./errors.ts";
import { emit } from "./events.ts";
import { home } from "./home.ts";
import { alcoveId, manage, managedModel, stands, used } from "./managed.ts";
import { DownloadStage, LLMFramework, ModelCategory, ModelStatus } from "./names.ts";

/** Alcove's own description of a model; one that RunAnywhere's code has not registered joins the list. */
export async function adopted(id: string): Promise<ModelSpec> {
  const spec = await (await home()).models.find(alcoveId(id));
  if (!managedModel(id)) manage(managedOf(spec));
  return spec;
}

/** Whose files have come. */
const HERE = new Set<ModelStatus | undefined>([
  ModelStatus.Downloaded,
  ModelStatus.Loading,
  ModelStatus.Loaded,
]);

/** How RunAnywhere's code would have registered `spec`. */
export function managedOf(spec: ModelSpec): Parameters<typeof manage>[0] {
  const { id, name } = spec;
  // RunAnywhere has no category of its own for models that make vectors.
  const modality = sees(spec) && !makesEmbeddings(spec) ? ModelCategory.Multimodal : ModelCategory.Language;
  return spec.engine === "webllm"
    ? { id, name, url: spec.weights, framework: LLMFramework.MLC, modality }
    : { id, name, url: spec.files[0].url, framework: LLMFramework.LlamaCpp, modality };
}

/**
 * Downloads a model, unless it is here.
 * @throws SDKError `DownloadFailed`, `DownloadCancelled`, `InsufficientStorage`, `ModelNotFound`, `ModelInvalidFormat`
 */
export async function fetched(id: string): Promise<void> {
  const alcove = await home();
  try {
    await adopted(id);
    if (HERE.has(managedModel(id)?.status)) return;
    stands(id, ModelStatus.Downloading, { downloadProgress: 0 });
    emit("model.downloadStarted", { modelId: id, url: managedModel(id)?.url ?? "" });
    let bytes = 0;
    await alcove.models.download(alcoveId(id), {
      onProgress: ({ stage, bytes: bytesDownloaded, total: totalBytes }) => {
        const progress = totalBytes > 0 ? Math.min(1, bytesDownloaded / totalBytes) : 0;
        const told = stage === "downloading" ? DownloadStage.Downloading : DownloadStage.Validating;
        bytes = Math.max(bytes, totalBytes);
        stands(id, ModelStatus.Downloading, { downloadProgress: progress });
        emit("model.downloadProgress", { modelId: id, progress, bytesDownloaded, totalBytes, stage: told });
      },
    });
    const size = bytes > 0 ? { sizeBytes: bytes } : {};
    stands(id, ModelStatus.Downloaded, size);
    emit("model.downloadCompleted", { modelId: id, ...size });
  } catch (thrown) {
    const error = sdkError(thrown, MOVING);
    failed(id, error.message);
    emit("model.downloadFailed", { modelId: id, error: error.message });
    if (error.code === SDKErrorCode.InsufficientStorage) {
      const { neededBytes, availableBytes } = await room(id);
      emit("model.quotaExceeded", { modelId: id, availableBytes, neededBytes });
    }
    throw error;
  }
}

/** Runs `load`, and tells how it goes. @throws SDKError */
export async function loading<T>(id: string, category: ModelCategory, load: () => Promise<T>): Promise<T> {
  const began = performance.now();
  stands(id, ModelStatus.Loading);
  emit("model.loadStarted", { modelId: id, category });
  try {
    const loaded = await load();
    stands(id, ModelStatus.Loaded);
    used(id);
    emit("model.loadCompleted", { modelId: id, category, loadTimeMs: performance.now() - began });
    return loaded;
  } catch (thrown) {
    const error = sdkError(thrown, { "engine-crashed": SDKErrorCode.ModelLoadFailed });
    failed(id, error.message);
    emit("model.loadFailed", { modelId: id, error: error.message });
    throw error;
  }
}

/** A model that was loaded is not any more. */
export function unloaded(id: string, category: ModelCategory): void {
  stands(id, ModelStatus.Downloaded);
  emit("model.unloaded", { modelId: id, category });
}

function failed(id: string, error: string): void {
  stands(id, ModelStatus.Error, { error });
}

/** Bytes that a model needs, and that the browser still gives. */
export async function room(id: string): Promise<{ neededBytes: number; availableBytes: number }> {
  const spec = await adopted(id);
  const { memoryRequirement = 0 } = managedModel(id) ?? {};
  const told = spec.engine === "webllm" ? spec.bytes : spec.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return { neededBytes: told || memoryRequirement, availableBytes: Math.max(0, quota - usage) };
}
