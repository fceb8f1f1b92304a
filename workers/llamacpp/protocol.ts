/** What crosses between the llama.cpp worker and those who call it; the same on every port. */
import type { ChatMessage, ChatRequest, ModelSpec, ToolSpec } from "../shared/engine.ts";

/** `load`: items are LoadProgress, the reply is a LoadedModel. */
export interface LoadArgs {
  model: ModelSpec;
  /** Absolute URL of the root of the built site: where the engine's wasm and relative model files lie. */
  base: string;
}

/** `complete`: items are Chunks, the reply is null. */
export interface CompleteArgs {
  request: ChatRequest;
}

/** `prewarm`: computes the prompt of these messages, so that a conversation that begins so starts faster. */
export interface PrewarmArgs {
  messages: ChatMessage[];
  /** Tools of the conversation, where it has some: they are part of the prompt. */
  tools?: ToolSpec[];
}

/** `remove`: deletes the files of a model. */
export interface RemoveArgs {
  model: ModelSpec;
}

/** `import`: copies a file of the person's into the store; the reply is its ModelSpec. */
export interface ImportArgs {
  file: File;
}

/** One reply of `stored`. */
export interface StoredFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** `connect`: answers the same calls on `port` too. */
export interface ConnectArgs {
  port: MessagePort;
  /** The line before this one is dead: what still runs for it is stopped. */
  replace?: boolean;
}
