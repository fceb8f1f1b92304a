/**
 * Keeps one engine worker alive with the model that is wanted: loads it once however many ask, starts a
 * new worker when one dies, and loads the model again.
 */
import { LlamaCppClient } from "../../workers/llamacpp/client.ts";
import type { EngineDescription, LoadedModel, LoadProgress, ModelSpec } from "../../workers/shared/engine.ts";
import { AlcoveError, toAlcoveError } from "../../workers/shared/errors.ts";
import { beforeAbort } from "./abort.ts";
import type { Status } from "./status.ts";

/** More crashes than this without a load that worked in between, and the next try is the person's. */
const MAX_RELOADS = 2;

export interface EngineSupervisorOptions {
  url: URL;
  /** Absolute URL of the root of the built site. */
  base: string;
  onStatus: (status: Status | null) => void;
  /** Gives Python a port to a new engine, or tells it that the engine died (null). */
  onPort: (port: MessagePort | null) => void;
}

interface Load {
  model: ModelSpec;
  promise: Promise<LoadedModel>;
  controller: AbortController;
}

export class EngineSupervisor {
  readonly #options: EngineSupervisorOptions;
  #client: LlamaCppClient | null = null;
  #load: Load | null = null;
  #crashes = 0;

  constructor(options: EngineSupervisorOptions) {
    this.#options = options;
  }

  /** The running worker; started when there is none. */
  get client(): LlamaCppClient {
    if (this.#client) return this.#client;
    this.#client = new LlamaCppClient(this.#options.url, {
      base: this.#options.base,
      onDeath: (error) => this.#died(error),
    });
    this.connect();
    return this.#client;
  }

  /** Gives Python a new line to the engine: both must call it after either was replaced. */
  connect(): void {
    if (!this.#client) return;
    const { port1, port2 } = new MessageChannel();
    this.#client.connect(port1);
    this.#options.onPort(port2);
  }

  /**
   * Resolves when `model` is loaded. Aborting ends the wait, not the load: others may want it.
   * @throws AlcoveError whatever the load failed with, or `cancelled`.
   */
  async ensure(model: ModelSpec, signal?: AbortSignal): Promise<LoadedModel> {
    if (this.#load?.model.id !== model.id) {
      this.#load?.controller.abort();
      this.#start(model);
    }
    const loaded = (this.#load as Load).promise;
    return signal ? beforeAbort(loaded, signal) : loaded;
  }

  /** What the engine says of itself; null while no worker runs. */
  async describe(): Promise<EngineDescription | null> {
    return this.#client ? this.#client.describe() : null;
  }

  /** Ends the worker for good. */
  dispose(): void {
    this.#client?.end(new AlcoveError("cancelled", "Alcove was closed."));
    this.#client = null;
    this.#load = null;
  }

  #start(model: ModelSpec): void {
    const controller = new AbortController();
    const onProgress = (progress: LoadProgress) => this.#options.onStatus(describeLoad(model, progress));
    const promise = this.client.load(model, { onProgress, signal: controller.signal }).then(
      (loaded) => {
        this.#crashes = 0;
        this.#options.onStatus(null);
        return loaded;
      },
      (thrown) => {
        const error = toAlcoveError(thrown);
        const current = this.#load?.controller === controller;
        if (current) this.#load = null;
        if (current && error.code === "cancelled") this.#options.onStatus(null);
        else if (current) {
          this.#options.onStatus({ phase: "error", text: error.message, error: error.toData() });
        }
        throw error;
      },
    );
    promise.catch(() => undefined);
    this.#load = { model, promise, controller };
  }

  #died(error: AlcoveError): void {
    const wanted = this.#load?.model;
    this.#client = null;
    this.#load = null;
    this.#crashes += 1;
    this.#options.onPort(null);
    if (!wanted) return;
    if (this.#crashes > MAX_RELOADS) {
      this.#options.onStatus({ phase: "error", text: error.message, error: error.toData() });
      return;
    }
    this.#options.onStatus({ phase: "recovering", text: "The engine stopped. Starting it again…" });
    this.#start(wanted);
  }
}

const STAGES: Record<LoadProgress["stage"], string> = {
  downloading: "Downloading",
  verifying: "Checking",
  converting: "Preparing",
  loading: "Loading",
  calibrating: "Tuning",
  warming: "Warming up",
};

function describeLoad(model: ModelSpec, { stage, bytes, total }: LoadProgress): Status {
  const status: Status = {
    phase: stage === "downloading" ? "downloading" : "loading",
    text: `${STAGES[stage]} ${model.name}`,
  };
  if (total > 0) Object.assign(status, { loaded: bytes, total, fraction: Math.min(1, bytes / total) });
  return status;
}
