/**
 * The one contract of every engine: a provider, a test or a supervisor can hold any of them.
 * Requests and chunks are OpenAI chat-completions JSON.
 */

export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | null | ContentPart[];
  name?: string;
  tool_calls?: ToolCall[];
  tool_call_id?: string;
}

export type ContentPart =
  | { type: "text"; text: string }
  /** A data URL, as OpenAI has it. */
  | { type: "image_url"; image_url: { url: string } }
  /** Our own part, for callers that hold the picture itself: nothing is encoded on its way to the worker. */
  | { type: "image"; image: ImageSource };

/** RGB or RGBA, 8 bits a channel, row by row from the top, without padding. */
export interface Pixels {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

/** A picture that can cross to a worker. A Blob holds an image file (PNG, JPEG, WebP, …). */
export type ImageSource = Blob | ImageBitmap | Pixels;

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface ToolSpec {
  type: "function";
  function: { name: string; description?: string; parameters: Record<string, unknown> };
}

export interface ChatRequest {
  messages: ChatMessage[];
  model?: string;
  temperature?: number;
  top_p?: number;
  max_tokens?: number;
  seed?: number;
  stop?: string | string[];
  frequency_penalty?: number;
  presence_penalty?: number;
  tools?: ToolSpec[];
  tool_choice?: "auto" | "none" | "required" | { type: "function"; function: { name: string } };
  response_format?: { type: string; [key: string]: unknown };
}

/** How a completion ended. `cancelled` keeps what was said so far. */
export type FinishReason = "stop" | "length" | "tool_calls" | "cancelled";

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** Prompt tokens that an earlier turn had left in the KV cache. */
  prompt_tokens_details: { cached_tokens: number };
  /** Milliseconds from the engine taking up the request to its first token. */
  ttft_ms: number;
  prefill_tokens_per_second: number;
  decode_tokens_per_second: number;
  /** Of a request with pictures: prompt tokens that are theirs, and milliseconds it took to encode them. */
  image_tokens?: number;
  image_encode_ms?: number;
}

/** One `chat.completion.chunk`. The last one carries `finish_reason` and `usage`. */
export interface Chunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      delta: { role?: "assistant"; content?: string; tool_calls?: ToolCallDelta[] };
      finish_reason: FinishReason | null;
    },
  ];
  usage?: Usage;
  /** How many tokens this delta is made of; our own field, 1 where it is missing. */
  tokens?: number;
  /** Nothing can be said yet, and why; our own field. Anything else that comes ends the wait. */
  waits?: LoadProgress;
}

export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
}

/** OpenAI's request for embeddings. */
export interface EmbeddingRequest {
  input: string | string[];
  model?: string;
  /** Only "float" is known, and needs not be said. */
  encoding_format?: string;
}

/** OpenAI's reply: one vector for each text, in their order. */
export interface EmbeddingResponse {
  object: "list";
  model: string;
  data: { object: "embedding"; index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}

/** A file that can be downloaded and checked. `url` may be relative to the page's base. */
export interface ModelFile {
  url: string;
  /** Approximate where there is no hash. */
  bytes: number;
  /** Left out where nobody published one: the file is checked by what it says of itself. */
  sha256?: string;
  /** Where it lies in parts, which joined are the file; `url` then only names it. Relative to the same base. */
  parts?: { url: string; bytes: number }[];
}

export type EngineName = "llamacpp" | "webllm";

/** What the catalogue (`models/catalogue/`) says of a language model. */
export type ModelSpec = LlamaCppModel | WebLlmModel;

/** Any model of the catalogue: one that speaks or reads holds no conversation. */
export type AnyModel = ModelSpec | VoiceModel | ReaderModel;

/** A model that a person may bring. */
export type OwnModel = LlamaCppModel | VoiceModel;

/** A Piper voice: its graph (ONNX), then its settings (JSON). */
export interface VoiceModel {
  engine: "piper";
  id: string;
  name: string;
  family: string;
  license: string;
  /** What it sounds like and where it comes from, in a sentence or two for a person. */
  about?: string;
  /** BCP 47. */
  language: string;
  goodFor: string[];
  files: [ModelFile, ModelFile];
}

/**
 * A model that reads (PP-OCR): the network that finds text (ONNX), the one that reads it and its letters, the one that tells which
 * way is up, and the one that reads what is in doubt, with its letters.
 */
export interface ReaderModel {
  engine: "ppocr";
  id: string;
  name: string;
  family: string;
  license: string;
  /** What it reads and where it comes from, in a sentence or two for a person. */
  about?: string;
  goodFor: string[];
  files: [ModelFile, ModelFile, ModelFile, ModelFile, ModelFile, ModelFile];
}

interface ModelFacts {
  id: string;
  name: string;
  family: string;
  license: string;
  /** Window in tokens that Alcove opens by default. */
  context: number;
  /** What the model knows and what it does not, in a sentence or two for a person. */
  about?: string;
  /** System prompt of a conversation that brings none. */
  system: string;
  /** What suits the model; a request's own settings come first. */
  sampling?: { temperature?: number; top_p?: number; repeat_penalty?: number; max_tokens?: number };
}

/** A GGUF file; a model that can see has a second one, its projector ("mmproj"). */
export interface LlamaCppModel extends ModelFacts {
  engine: "llamacpp";
  files: [ModelFile, ...ModelFile[]];
  /** How many of the files, from the first, are the model itself, in their order: one, unless it is a split GGUF. */
  splits?: number;
  vision?: Vision;
  /** How the vectors of a text's tokens become one, where it is not to be as the file says. */
  pooling?: "mean" | "cls" | "last";
  /** Bytes of memory that it takes; the sum of its files where this is left out. */
  memory?: number;
  /** As WebLlmModel has it, and "vision"; a model that is good for nothing else cannot hold a conversation. */
  goodFor?: string[];
}

/** How a model that can see wants its pictures. */
export interface Vision {
  /** The longest side in pixels that is worth sending; larger pictures are scaled down. */
  size: number;
  /** What becomes of a picture that is not square: cut at its sides, padded, or left as it is. */
  fit: "crop" | "pad" | "keep";
}

/** Weights in MLC's format and the library that was compiled for them. URLs may be relative to the page's base. */
export interface WebLlmModel extends ModelFacts {
  engine: "webllm";
  /** Folder of the weights, the tokenizer and the configuration; ends with "/". */
  weights: string;
  /** The compiled library, a .wasm file. */
  library: string;
  /** Its SHA-256, where `files` does not hold it and our own record does (models/pins.json): another one is refused. */
  librarySha256?: string;
  /** The files whose hashes we know. A hub's model has none: its own manifest lists its shards. */
  files: ModelFile[];
  /** Bytes to download. */
  bytes: number;
  /** Bytes of GPU memory for the weights and the KV cache of `context` tokens. */
  vram: number;
  /** WebGPU features that the library needs, e.g. "shader-f16". */
  features: string[];
  /** What WebLLM's own list says of it beyond this: settings that its engine needs. */
  record?: { overrides?: Record<string, unknown>; [key: string]: unknown };
  /** What it is good for: "general", "coding", "multilingual", "low-end", "embedding", "testing". */
  goodFor: string[];
}

/** Where a load is. `bytes` counts what this stage moves; `total` is 0 while unknown. */
export interface LoadProgress {
  /** "queued": for what was asked of the engine before, maybe by another tab. */
  stage:
    | "queued"
    | "waiting"
    | "downloading"
    | "verifying"
    | "converting"
    | "loading"
    | "compiling"
    | "calibrating"
    | "warming";
  bytes: number;
  total: number;
  /** Shards, or shaders: how many are done, of how many. */
  parts?: { done: number; total: number };
  /** Of "waiting": milliseconds since 1970 until which the server wants to be left alone. */
  until?: number;
}

export interface LoadedModel {
  id: string;
  /** Window in tokens that the engine really opened. */
  context: number;
  threads: number;
  /** Weight type that computes, e.g. "F32" or "Q4_1". */
  weights: string;
  device: string;
  loadMs: number;
}

export interface EngineDescription {
  engine: EngineName;
  version: string;
  model: LoadedModel | null;
  busy: boolean;
}

export interface Engine {
  /** Loading the model that is already loaded answers at once. */
  load(
    model: ModelSpec,
    options?: { onProgress?: (progress: LoadProgress) => void; signal?: AbortSignal },
  ): Promise<LoadedModel>;
  /** Requests wait for each other in the order they came. */
  complete(request: ChatRequest, options?: { signal?: AbortSignal }): AsyncIterable<Chunk>;
  /**
   * Texts → vectors, in one queue with {@link complete}. An abort is `cancelled`.
   * @throws AlcoveError `unsupported` for a model or an engine that makes none; `bad-request`, `context-overflow`
   */
  embed(request: EmbeddingRequest, options?: { signal?: AbortSignal }): Promise<EmbeddingResponse>;
  unload(): Promise<void>;
}
