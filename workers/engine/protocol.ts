/** What crosses between an engine's worker and those who call it; the same for every engine, on every port. */
import type { ChatRequest, EmbeddingRequest, ModelSpec } from "./contract.ts";

/** `load` and `download`: items are LoadProgress; the reply is a LoadedModel, or null. */
export interface LoadArgs<Model = ModelSpec> {
  model: Model;
  /** Absolute URL of the root of the built site: where the engine's wasm and relative model files lie. */
  base: string;
}

/** `cached`: the reply is the ids of those models whose files are whole on this device. */
export interface CachedArgs<Model = ModelSpec> {
  models: Model[];
  base: string;
}

/** `remove`: deletes the files of a model. */
export interface RemoveArgs<Model = ModelSpec> {
  model: Model;
  base: string;
}

/** `complete`: items are Chunks, the reply is null. */
export interface CompleteArgs {
  request: ChatRequest;
}

/** `embed`: items are signs of life, null; the reply is an EmbeddingResponse. */
export interface EmbedArgs {
  request: EmbeddingRequest;
}

/** `connect`: answers the same calls on `port` too. */
export interface ConnectArgs {
  port: MessagePort;
  /** The line before this one is dead: what still runs for it is stopped. */
  replace?: boolean;
}
