/** The engines of this page: which one holds the model that Python talks to, and the lists of what they have. */

import { workerUrls } from "../../../workers/build.ts";
import type { EngineClient } from "../../../workers/engine/client.ts";
import type {
  EngineName,
  LlamaCppModel,
  LoadedModel,
  ModelSpec,
  WebLlmModel,
} from "../../../workers/engine/contract.ts";
import { embedsOnly, makesEmbeddings } from "../../../workers/engine/embedding.ts";
import { LlamaCppClient } from "../../../workers/llamacpp/client.ts";
import { WebLlmClient } from "../../../workers/webllm/client.ts";
import { EyeQueue } from "./eye-queue.ts";
import type { Status } from "./status.ts";
import { EngineSupervisor } from "./supervisor.ts";

export interface RosterOptions {
  /** Absolute URL of the root of the built site. */
  base: string;
  onStatus: (status: Status | null) => void;
  /** Hears of the vision model. */
  onEyes: (status: Status | null) => void;
  /** Hears of the embedding model. */
  onEmbedder: (status: Status | null) => void;
  /** Gives Python a port to the engine in use, or tells it that the engine died (null). */
  onPort: (port: MessagePort | null) => void;
}

export class Roster {
  readonly llamacpp: EngineSupervisor<LlamaCppModel, LlamaCppClient>;
  readonly webllm: EngineSupervisor<WebLlmModel, WebLlmClient>;
  /** A second llama.cpp for the vision model: it stays while conversations change theirs. */
  readonly eyes: EngineSupervisor<LlamaCppModel, LlamaCppClient>;
  /** Whose turn it is with `eyes`. */
  readonly eyeQueue = new EyeQueue();
  /** Second engines for the embedding model, so that a conversation keeps its own; started when first asked for. */
  readonly embedders: Pick<Roster, EngineName>;
  #active: EngineName | null = null;

  constructor(options: RosterOptions) {
    const urls = workerUrls();
    const url = (path: string) => new URL(path, options.base);
    this.llamacpp = new EngineSupervisor({
      ...options,
      start: (client) => new LlamaCppClient(url(urls.llamacpp), client),
    });
    this.eyes = new EngineSupervisor({
      ...options,
      onStatus: options.onEyes,
      start: (client) => new LlamaCppClient(url(urls.llamacpp), client),
    });
    this.webllm = new EngineSupervisor({
      ...options,
      start: (client) => new WebLlmClient(url(urls.webllm), client),
    });
    const embedding = { ...options, onStatus: options.onEmbedder };
    this.embedders = {
      llamacpp: new EngineSupervisor({
        ...embedding,
        start: (client) => new LlamaCppClient(url(urls.llamacpp), client),
      }),
      webllm: new EngineSupervisor({
        ...embedding,
        start: (client) => new WebLlmClient(url(urls.webllm), client),
      }),
    };
  }

  /** The worker of a model's engine, started when there is none. */
  client(engine: EngineName): EngineClient {
    return this[engine].client as EngineClient;
  }

  /** Gives Python a new line to the engine in use: to be called when Python was replaced. */
  connect(): void {
    if (this.#active) this[this.#active].connect();
  }

  /**
   * Resolves when `model` is loaded and Python is connected to its engine; another engine's model is given up,
   * because two would crowd the memory. Aborting ends the wait, not the load: others may want it.
   * @throws AlcoveError whatever the load failed with, `cancelled`, or `unsupported` for an embedding model.
   */
  async ensure(model: ModelSpec, signal?: AbortSignal): Promise<LoadedModel> {
    if (makesEmbeddings(model)) throw embedsOnly();
    if (this.#active !== model.engine) {
      if (this.#active) this[this.#active].release();
      this.#active = model.engine;
      this[model.engine].connect();
    }
    return model.engine === "webllm"
      ? this.webllm.ensure(model, signal)
      : this.llamacpp.ensure(model, signal);
  }

  /** The model that Python can ask now. */
  get loaded(): (LoadedModel & { engine: EngineName }) | null {
    const engine = this.#active;
    const loaded = engine && this[engine].loaded;
    return loaded ? { ...loaded, engine } : null;
  }

  /** Ends the workers. */
  release(): void {
    this.eyeQueue.close();
    this.llamacpp.release();
    this.webllm.release();
    this.eyes.release();
    for (const embedder of Object.values(this.embedders)) embedder.release();
    this.#active = null;
  }
}
