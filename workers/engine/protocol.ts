/** What an engine's worker answers; the same for every engine, on every port. */
import type { NoArgs, Operation } from "../wire/rpc.ts";
import type {
  ChatRequest,
  Chunk,
  EmbeddingRequest,
  EmbeddingResponse,
  EngineDescription,
  LoadedModel,
  LoadProgress,
  ModelSpec,
} from "./contract.ts";

/** @typeParam Model what the engine takes; its worker serves the protocol of that kind of model */
export type EngineProtocol<Model extends ModelSpec = ModelSpec> = {
  /** What it is doing; for tests, and for whoever debugs. */
  describe: Operation<NoArgs, EngineDescription>;
  load: Operation<ModelArgs<Model>, LoadedModel, LoadProgress>;
  /** Fetches a model's files and checks them. `acceptChanged` takes files that are not those that came first. */
  download: Operation<ModelArgs<Model> & { acceptChanged?: boolean }, void, LoadProgress>;
  /** Reads every byte of a model's files again; what has changed is set aside. */
  verify: Operation<ModelArgs<Model>, void, LoadProgress>;
  /** The ids of those models whose files are whole on this device. */
  cached: Operation<{ models: Model[]; base: string }, string[]>;
  /** Deletes a model's files, but for those that one of `known` needs which is on this device too. */
  remove: Operation<ModelArgs<Model> & { known: Model[] }, void>;
  complete: Operation<{ request: ChatRequest }, void, Chunk>;
  /** Its items are signs of life. */
  embed: Operation<{ request: EmbeddingRequest }, EmbeddingResponse, null>;
  unload: Operation<NoArgs, void>;
  /** Answers on `port` too. `replace`: the line before this one is dead, and what still runs for it is stopped. */
  connect: Operation<{ port: MessagePort; replace?: boolean }, void>;
};

interface ModelArgs<Model> {
  model: Model;
  /** Absolute URL of the root of the built site: where the engine's wasm and relative model files lie. */
  base: string;
}
