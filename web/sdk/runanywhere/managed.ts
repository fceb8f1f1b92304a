/** The models that RunAnywhere's code knows, as it describes them: what is registered, and how each of them stands. */
import { SDKLogger } from "./logger.ts";
import { type LLMFramework, type ModelCategory, ModelStatus } from "./names.ts";

export interface ManagedModel {
  id: string;
  name: string;
  /** Of its first file. */
  url: string;
  framework: LLMFramework;
  modality: ModelCategory;
  /** Bytes. */
  memoryRequirement?: number;
  status: ModelStatus;
  /** 0 to 1, while it is downloaded. */
  downloadProgress?: number;
  error?: string;
  /** Bytes on this device. */
  sizeBytes?: number;
  additionalFiles?: { url: string; filename: string; sizeBytes?: number }[];
}

type Listener = (models: ManagedModel[]) => void;

const models = new Map<string, ManagedModel>();
/** Of models that were imported under a name of the page's: the id that Alcove gave them. */
const ids = new Map<string, string>();
const lastUsed = new Map<string, number>();
const listeners = new Set<Listener>();
const logger = new SDKLogger("ModelManager");

export const managed = (): ManagedModel[] => [...models.values()].map((model) => ({ ...model }));

export const managedModel = (id: string): ManagedModel | undefined => models.get(id);

/** The id of Alcove's for one of RunAnywhere's. */
export const alcoveId = (id: string): string => ids.get(id) ?? id;

/** Adds a model, or takes the place of the one with its id; how that one stands stays, if it is of the same file. */
export function manage(model: Omit<ManagedModel, "status">, alcove = model.id): void {
  const before = models.get(model.id);
  const status = before?.url === model.url ? before.status : ModelStatus.Registered;
  models.set(model.id, { ...model, status });
  if (alcove !== model.id) ids.set(model.id, alcove);
  tell();
}

/** Says how a model stands; fields that are not given are forgotten, but for its size. */
export function stands(
  id: string,
  status: ModelStatus,
  rest: Pick<ManagedModel, "downloadProgress" | "error" | "sizeBytes"> = {},
): void {
  const model = models.get(id);
  if (!model) return;
  const { downloadProgress: _, error: __, sizeBytes: size, ...rests } = model;
  const kept =
    status === ModelStatus.Registered || size === undefined ? rests : { ...rests, sizeBytes: size };
  models.set(id, { ...kept, status, ...rest });
  tell();
}

export function used(id: string, at: number = Date.now()): void {
  lastUsed.set(id, Math.max(at, lastUsed.get(id) ?? 0));
}

export const lastUse = (id: string): number => lastUsed.get(id) ?? 0;

export function forget(id: string): void {
  models.delete(id);
  ids.delete(id);
  tell();
}

export function forgetAll(): void {
  models.clear();
  ids.clear();
  listeners.clear();
}

/** @returns a function that ends it */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) {
    try {
      listener(managed());
    } catch (thrown) {
      logger.error(`A listener of onChange failed: ${thrown}`);
    }
  }
}
