/**
 * Keeps one engine worker alive with the model that is wanted: loads it once however many ask, starts a
 * new worker when one dies, and loads the model again.
 */

import type { EngineClient, EngineClientOptions } from "../../../workers/engine/client.ts";
import type { LoadedModel, LoadProgress, ModelSpec } from "../../../workers/engine/contract.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import type { Status } from "./status.ts";

/** More crashes than this without a load that worked in between, and the next try is the person's. */
const MAX_RELOADS = 2;

interface EngineSupervisorOptions<Model extends ModelSpec, Client extends EngineClient<Model>> {
  /** Starts a worker. */
  start: (options: EngineClientOptions) => Client;
  /** Absolute URL of the root of the built site. */
  base: string;
  onStatus: (status: Status | null) => void;
  /** The model with this id is loaded. */
  onLoaded: (model: string) => void;
  /** Gives Python a port to a new engine, or tells it that the engine died (null). */
  onPort: (port: MessagePort | null) => void;
}

interface Load<Model> {
  model: Model;
  promise: Promise<LoadedModel>;
  /** Once it is. */
  loaded?: LoadedModel;
  controller: AbortController;
}

export class EngineSupervisor<
  Model extends ModelSpec = ModelSpec,
  Client extends EngineClient<Model> = EngineClient<Model>,
> {
  readonly #options: EngineSupervisorOptions<Model, Client>;
  #client: Client | null = null;
  #load: Load<Model> | null = null;
  #crashes = 0;
  /** Whether Python talks to this engine: only then does it get a port. */
  #connected = false;

  constructor(options: EngineSupervisorOptions<Model, Client>) {
    this.#options = options;
  }

  /** The running worker; started when there is none. */
  get client(): Client {
    if (this.#client) return this.#client;
    this.#client = this.#options.start({
      base: this.#options.base,
      onDeath: (error) => this.#died(error),
    });
    if (this.#connected) this.connect();
    return this.#client;
  }

  /** The id of the model that is loaded, being loaded, or loaded again after a crash. */
  get wanted(): string | undefined {
    return this.#load?.model.id;
  }

  /** Gives Python a new line to this engine, now and whenever its worker is replaced. */
  connect(): void {
    this.#connected = true;
    if (!this.#client) return;
    const { port1, port2 } = new MessageChannel();
    this.#client.connect(port1);
    this.#options.onPort(port2);
  }

  /**
   * Resolves when `model` is loaded. Aborting ends the wait, not the load: others may want it.
   * @throws AlcoveError whatever the load failed with, or `cancelled`.
   */
  async ensure(model: Model, signal?: AbortSignal): Promise<LoadedModel> {
    if (this.#load?.model.id !== model.id) {
      this.#load?.controller.abort();
      this.#start(model);
    }
    const loaded = (this.#load as Load<Model>).promise;
    return signal ? beforeAbort(loaded, signal) : loaded;
  }

  /** The model that can be asked now. */
  get loaded(): LoadedModel | undefined {
    return this.#load?.loaded;
  }

  /** Ends the worker, which frees what the model holds; the next call of `ensure` starts a new one. */
  release(): void {
    const client = this.#client;
    this.#client = null;
    this.#load = null;
    if (this.#connected) this.#options.onPort(null);
    this.#connected = false;
    client?.end(new AlcoveError("cancelled", "The model was unloaded."));
    this.#options.onStatus(null);
  }

  #start(model: Model): void {
    const controller = new AbortController();
    const onProgress = (progress: LoadProgress) => this.#options.onStatus(loadStatus(model, progress));
    const promise = this.client.load(model, { onProgress, signal: controller.signal }).then(
      (loaded) => {
        this.#crashes = 0;
        load.loaded = loaded;
        this.#options.onStatus(null);
        this.#options.onLoaded(model.id);
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
    const load: Load<Model> = { model, promise, controller };
    this.#load = load;
  }

  #died(error: AlcoveError): void {
    const wanted = this.#load?.model;
    this.#client = null;
    this.#load = null;
    this.#crashes += 1;
    if (this.#connected) this.#options.onPort(null);
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
  waiting: "Waiting for the server of",
  downloading: "Downloading",
  verifying: "Checking",
  converting: "Preparing",
  loading: "Loading",
  compiling: "Preparing the graphics card for",
  calibrating: "Tuning",
  warming: "Warming up",
};

function loadStatus(model: ModelSpec, { stage, bytes, total }: LoadProgress): Status {
  const status: Status = {
    phase: stage === "downloading" || stage === "waiting" ? "downloading" : "loading",
    text: `${STAGES[stage]} ${model.name}`,
  };
  if (total > 0) Object.assign(status, { loaded: bytes, total, fraction: Math.min(1, bytes / total) });
  return status;
}
