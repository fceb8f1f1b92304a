/** `ModelManager`: RunAnywhere's way to list, download and load, on `alcove.models` and on whatever loads its VLMs. */
import { type VLMLoadModelParams, VLMWorkerBridge } from "./bridge.ts";
import { asSdk } from "./errors.ts";
import { emit } from "./events.ts";
import { home } from "./home.ts";
import {
  alcoveId,
  forget,
  lastUse,
  type ManagedModel,
  manage,
  managed,
  managedModel,
  onChange,
  stands,
  used,
} from "./managed.ts";
import { adopted, fetched, loading, managedOf, room, unloaded } from "./moves.ts";
import { type LLMFramework, ModelCategory, ModelStatus } from "./names.ts";
import { type CompactModelDef, remember } from "./registry.ts";
import { openTextModel, TextGeneration } from "./text/text-generation.ts";

/** What `RunAnywhere.setVLMLoader` takes. */
export interface VLMLoader {
  readonly isInitialized: boolean;
  init(): Promise<void>;
  loadModel(params: VLMLoadModelParams): Promise<void>;
  unloadModel(): Promise<void>;
}

export interface QuotaCheckResult {
  fits: boolean;
  /** Bytes. */
  availableBytes: number;
  neededBytes: number;
  /** What could go to make room, the least recently used first; nothing goes by itself. */
  evictionCandidates: { id: string; name: string; sizeBytes: number; lastUsedAt: number }[];
}

interface LoadOptions {
  /** Leaves what is loaded of other categories as it is; default false. */
  coexist?: boolean;
}

let loader: VLMLoader | undefined;
let seeing: string | null = null;

const vlm = (): VLMLoader => loader ?? VLMWorkerBridge.shared;
const sees = (category: ModelCategory | undefined): boolean =>
  category === ModelCategory.Multimodal || category === ModelCategory.Vision;

export const ModelManager = {
  /** @throws AlcoveError `unsupported` for a kind of model that Alcove does not run; `bad-request` */
  registerModels(models: CompactModelDef[]): void {
    remember(models);
    emit("model.registered", { count: models.length });
  },

  /** Sets what loads models that see; `VLMWorkerBridge.shared` where nothing was set. */
  setVLMLoader(wanted: VLMLoader): void {
    loader = wanted;
  },

  getModels: managed,
  getModelsByCategory: (category: ModelCategory): ManagedModel[] =>
    managed().filter(({ modality }) => modality === category),
  getModelsByFramework: (framework: LLMFramework): ManagedModel[] =>
    managed().filter((model) => model.framework === framework),
  getLLMModels: (): ManagedModel[] => ModelManager.getModelsByCategory(ModelCategory.Language),
  getVLMModels: (): ManagedModel[] => managed().filter(({ modality }) => sees(modality)),

  /** @returns a function that ends it */
  onChange,

  /** Milliseconds since 1970; 0 for one that was never loaded. */
  getModelLastUsedAt: lastUse,

  getLoadedModelId(category?: ModelCategory): string | null {
    if (sees(category)) return seeing;
    if (category === ModelCategory.Language) return TextGeneration.loadedModelId;
    return category === undefined ? (seeing ?? TextGeneration.loadedModelId) : null;
  },

  getLoadedModel(category?: ModelCategory): ManagedModel | null {
    const id = ModelManager.getLoadedModelId(category);
    return (id !== null && managedModel(id)) || null;
  },

  areAllLoaded: (categories: ModelCategory[]): boolean =>
    categories.every((category) => ModelManager.getLoadedModelId(category) !== null),

  /** The model of a category that is loaded, else loads the first that is here; null where none is. */
  async ensureLoaded(category: ModelCategory, options: LoadOptions = {}): Promise<ManagedModel | null> {
    const loaded = ModelManager.getLoadedModel(category);
    if (loaded) return loaded;
    await refresh();
    const here = ModelManager.getModelsByCategory(category).find(
      ({ status }) => status === ModelStatus.Downloaded,
    );
    if (!here) return null;
    await ModelManager.loadModel(here.id, options);
    return ModelManager.getLoadedModel(category);
  },

  /** @throws SDKError `ModelNotFound` */
  async checkDownloadFit(modelId: string): Promise<QuotaCheckResult> {
    const { neededBytes, availableBytes } = await asSdk(room(modelId));
    const fits = neededBytes <= availableBytes;
    const lacks = neededBytes - availableBytes;
    const could = fits ? [] : await (await home()).models.suggestRemoval(lacks);
    const evictionCandidates = could.map(({ id, name, bytes, lastUsed }) => {
      return { id, name, sizeBytes: bytes, lastUsedAt: lastUsed };
    });
    return { fits, availableBytes, neededBytes, evictionCandidates };
  },

  /** @throws SDKError `ModelNotFound`, `DownloadFailed`, `DownloadCancelled`, `InsufficientStorage`, `ModelInvalidFormat` */
  downloadModel: fetched,

  /** Stops a download; `downloadModel` fails with `DownloadCancelled`. What came is deleted. */
  async cancelDownload(modelId: string): Promise<void> {
    await (await home()).models.cancel(alcoveId(modelId));
    stands(modelId, ModelStatus.Registered);
  },

  /**
   * Takes a GGUF file of the person's.
   * @returns `modelId`, or the id that Alcove gives it
   * @throws SDKError `ModelInvalidFormat`, `InsufficientStorage`
   */
  async importModel(file: File, modelId?: string): Promise<string> {
    const { models } = await home();
    const entry = await asSdk(models.importFile(file));
    const id = modelId ?? entry.id;
    manage({ ...managedOf(await models.find(entry.id)), id, sizeBytes: entry.bytes }, entry.id);
    stands(id, ModelStatus.Downloaded);
    emit("model.imported", { modelId: id, sizeBytes: entry.bytes });
    return id;
  },

  /**
   * Downloads a model where it is not here, and loads it: into `TextGeneration`, or into what loads models that see.
   * Resolves to true; a failure is thrown.
   * @throws SDKError `ModelNotFound`, `DownloadFailed`, `ModelLoadFailed`, `WASMMemoryError`, …
   */
  async loadModel(modelId: string, { coexist = false }: LoadOptions = {}): Promise<boolean> {
    const { name } = await asSdk(adopted(modelId));
    const modality = managedModel(modelId)?.modality ?? ModelCategory.Language;
    if (!coexist) await ModelManager.unloadAll(modelId);
    if (!sees(modality)) {
      await openTextModel(modelId);
      return true;
    }
    await fetched(modelId);
    await loading(modelId, modality, async () => {
      const into = vlm();
      if (!into.isInitialized) await into.init();
      await into.loadModel({ modelId: alcoveId(modelId), modelName: name });
    });
    seeing = modelId;
    return true;
  },

  /** Frees the model, if it is loaded. */
  async unloadModel(modelId: string): Promise<void> {
    if (TextGeneration.loadedModelId === modelId) await TextGeneration.unloadModel();
    if (seeing !== modelId) return;
    seeing = null;
    await vlm().unloadModel();
    unloaded(modelId, managedModel(modelId)?.modality ?? ModelCategory.Multimodal);
  },

  async unloadAll(exceptModelId?: string): Promise<void> {
    const loaded = [seeing, TextGeneration.loadedModelId];
    for (const id of loaded) if (id !== null && id !== exceptModelId) await ModelManager.unloadModel(id);
  },

  /** Deletes a model's files from this device. @throws SDKError `ModelNotFound` */
  async deleteModel(modelId: string): Promise<void> {
    await ModelManager.unloadModel(modelId);
    await asSdk(home().then(({ models }) => models.remove(alcoveId(modelId))));
    if (alcoveId(modelId) === modelId) stands(modelId, ModelStatus.Registered);
    else forget(modelId);
  },

  /** Deletes the files of all models of this list. */
  async clearAll(): Promise<void> {
    await refresh();
    const here = managed().filter(({ sizeBytes }) => sizeBytes !== undefined);
    for (const { id } of here) await ModelManager.deleteModel(id);
  },

  /** Bytes of the models of this list that are here, and those that the browser still gives. */
  async getStorageInfo(): Promise<{ modelCount: number; totalSize: number; available: number }> {
    await refresh();
    const here = managed().flatMap(({ sizeBytes }) => sizeBytes ?? []);
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    const totalSize = here.reduce((sum, bytes) => sum + bytes, 0);
    return { modelCount: here.length, totalSize, available: Math.max(0, quota - usage) };
  },
};

/** Looks which models are on this device, and takes what the person imported into the list. */
export async function refresh(): Promise<void> {
  const { models, storage } = await home();
  const [entries, { kinds }] = await Promise.all([models.list(), storage.report()]);
  const bytesOf = (id: string) =>
    kinds.models.items.filter(({ model }) => model === id).reduce((sum, { bytes }) => sum + bytes, 0);
  const known = new Map(managed().map(({ id }) => [alcoveId(id), id]));
  for (const { id, cached, verified, bytes, lastUsed } of entries) {
    const told = known.get(id) ?? id;
    if (!known.has(id) && verified === "own") manage(managedOf(await models.find(id)));
    const model = managedModel(told);
    if (!model) continue;
    used(told, lastUsed);
    const rests = model.status === ModelStatus.Registered || model.status === ModelStatus.Downloaded;
    if (cached && rests) stands(told, ModelStatus.Downloaded, { sizeBytes: bytesOf(id) || bytes });
    else if (!cached && model.status === ModelStatus.Downloaded) stands(told, ModelStatus.Registered);
  }
}
