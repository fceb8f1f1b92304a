/** `TextGeneration`: a model that writes, on `alcove.complete`. */
import type { ChatMessage } from "../../../workers/engine/contract.ts";
import type { CompletionRequest } from "../completion/completions.ts";
import type { Completion } from "../completion/gather.ts";
import { SDKError, SDKErrorCode, sdkError } from "./errors.ts";
import { emit } from "./events.ts";
import { Generation, type LLMGenerationResult } from "./generation.ts";
import { home, opened, requireInitialized } from "./home.ts";
import { alcoveId, manage } from "./managed.ts";
import { adopted, fetched, loading, unloaded } from "./moves.ts";
import { HardwareAcceleration, LLMFramework, ModelCategory } from "./names.ts";
import { rememberFiles } from "./registry.ts";
import { parted } from "./thinking.ts";

export interface LLMGenerationOptions {
  /** Default 512. */
  maxTokens?: number;
  /** Default 0.7. */
  temperature?: number;
  topP?: number;
  topK?: number;
  stopSequences?: string[];
  systemPrompt?: string;
  /** Accepted and not needed: `generateStream` streams. */
  streamingEnabled?: boolean;
}

/** What `loadModelFromData` takes: a whole file, or RunAnywhere's context of a load. */
export type ModelData =
  | ArrayBuffer
  | Uint8Array
  | Blob
  | { model: { id: string; name?: string }; data: Uint8Array };

interface Loaded {
  id: string;
  framework: LLMFramework;
  hardware: HardwareAcceleration;
}

let loaded: Loaded | undefined;
let stop = new AbortController();

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
    const before = loaded;
    if (!before) return;
    loaded = undefined;
    TextGeneration.cancel();
    (await opened())?.unload();
    unloaded(before.id, ModelCategory.Language);
  },

  get isModelLoaded(): boolean {
    return loaded !== undefined;
  },

  get loadedModelId(): string | null {
    return loaded?.id ?? null;
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
    const outer = stop.signal;
    return new Generation((push, signal) => {
      return writeText(prompt, options, {}, { push, signal: AbortSignal.any([signal, outer]) });
    });
  },

  /** Ends what runs and waits. */
  cancel(): void {
    stop.abort();
    stop = new AbortController();
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
  loaded = {
    id,
    framework: spec.engine === "webllm" ? LLMFramework.MLC : LLMFramework.LlamaCpp,
    hardware: /gpu/i.test(device) ? HardwareAcceleration.WebGPU : HardwareAcceleration.CPU,
  };
}

/**
 * A completion of the loaded model, for what else is built on it.
 * @throws SDKError `NotInitialized`, `ModelNotLoaded`, and what the completion fails with
 */
export async function ask(
  messages: ChatMessage[],
  { maxTokens = 512, temperature = 0.7, topP, topK, stopSequences, systemPrompt }: LLMGenerationOptions,
  rest: Partial<CompletionRequest> = {},
  { push = () => undefined, signal = stop.signal }: Reading = {},
): Promise<{ completion: Completion; model: Loaded }> {
  requireInitialized();
  const model = loaded;
  if (!model) {
    throw new SDKError(SDKErrorCode.ModelNotLoaded, "No language model is loaded.", undefined, {
      action: "Call TextGeneration.loadModel() first.",
    });
  }
  const system: ChatMessage[] = systemPrompt ? [{ role: "system", content: systemPrompt }] : [];
  const request: CompletionRequest = {
    model: alcoveId(model.id),
    messages: [...system, ...messages],
    max_tokens: maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(stopSequences?.length ? { stop: stopSequences } : {}),
    ...rest,
  };
  try {
    const completion = await (await home()).complete(request, {
      signal,
      onChunk: ({ choices: [{ delta }], tokens = 1 }) => {
        if (delta.content) push(delta.content, tokens);
      },
    });
    return { completion, model };
  } catch (thrown) {
    throw sdkError(thrown);
  }
}

type Push = (piece: string, tokens: number) => void;

/** Who hears the text as it comes, and who ends it. */
interface Reading {
  push?: Push;
  signal?: AbortSignal;
}

/** What `generate` does, with more of a request. @throws SDKError as that */
export async function writeText(
  prompt: string,
  options: LLMGenerationOptions,
  rest: Partial<CompletionRequest>,
  { push = () => undefined, signal = stop.signal }: Reading = {},
): Promise<LLMGenerationResult> {
  if (typeof prompt !== "string" || prompt === "") {
    throw new SDKError(SDKErrorCode.InvalidPrompt, "The prompt is no text, or an empty one.");
  }
  const began = performance.now();
  emit("generation.started", { prompt });
  let first: number | undefined;
  const pieces: { text: string; tokens: number }[] = [];
  const take: Push = (text, tokens) => {
    first ??= performance.now() - began;
    pieces.push({ text, tokens });
    push(text, tokens);
  };
  try {
    const question: ChatMessage = { role: "user", content: prompt };
    const { completion, model } = await ask([question], options, rest, { push: take, signal });
    const { usage } = completion;
    const { text, thinkingContent, thinkingTokens } = parted(pieces);
    const spoken = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
    const tokensUsed = usage?.completion_tokens ?? spoken;
    const result: LLMGenerationResult = {
      text,
      ...(thinkingContent === undefined ? {} : { thinkingContent }),
      inputTokens: usage?.prompt_tokens ?? 0,
      tokensUsed,
      modelUsed: model.id,
      latencyMs: performance.now() - began,
      framework: model.framework,
      hardwareUsed: model.hardware,
      tokensPerSecond: usage?.decode_tokens_per_second ?? 0,
      ...(first === undefined ? {} : { timeToFirstTokenMs: first }),
      thinkingTokens,
      responseTokens: Math.max(0, tokensUsed - thinkingTokens),
    };
    emit("generation.completed", { tokensUsed, latencyMs: result.latencyMs });
    return result;
  } catch (thrown) {
    const error = sdkError(thrown);
    emit("generation.failed", { error: error.message });
    throw error;
  }
}

function wantText(value: unknown, name: string): void {
  if (typeof value === "string" && value !== "") return;
  throw new SDKError(SDKErrorCode.InvalidParameter, `${name} is no text, or an empty one.`);
}
