/**
 * Keeps one engine worker at hand with the model that is wanted, be it in this tab or in another one: loads it once
 * however many ask, finds or starts a new worker when one is gone, and loads the model again.
 */

import type { EngineClientOptions, TransferOptions } from "../../../workers/engine/client.ts";
import type { LoadedModel, LoadProgress } from "../../../workers/engine/contract.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import type { Ending } from "../../../workers/wire/shared-link.ts";
import type { Status } from "./status.ts";

/** More crashes than this without a load that worked in between, and the next try is the person's. */
const MAX_RELOADS = 2;

/** What a person calls a model, and what we do. */
interface Named {
  id: string;
  name: string;
}

/** The outside of a worker that holds one model at a time. */
interface Supervised<Model, Loaded> {
  load(model: Model, options: TransferOptions): Promise<Loaded>;
  leave(error: AlcoveError): void;
  /** A line that does not pass this page, where Python talks to it. */
  line?(): Promise<MessagePort | string>;
}

interface EngineSupervisorOptions<Client> {
  /** Finds a worker, or starts it. */
  start: (options: EngineClientOptions) => Client;
  /** Absolute URL of the root of the built site. */
  base: string;
  /** Name of the engine for all tabs, which share it. */
  door: string;
  onStatus: (status: Status | null) => void;
  /** The model with this id is loaded. */
  onLoaded: (model: string) => void;
  /** Fails where the model is not to be loaded again by itself, after the tab that ran the engine is gone. */
  mayReload: (model: Named) => Promise<void>;
  /** Gives Python a line to a new engine (see EngineClient), or tells it that the engine is gone (null). */
  onLine: (line: MessagePort | string | null) => void;
}

interface Load<Model, Loaded> {
  model: Model;
  promise: Promise<Loaded>;
  /** Once it is. */
  loaded?: Loaded;
  controller: AbortController;
}

export class EngineSupervisor<
  Model extends Named,
  Client extends Supervised<Model, Loaded>,
  Loaded = LoadedModel,
> {
  readonly #options: EngineSupervisorOptions<Client>;
  #client: Client | null = null;
  #load: Load<Model, Loaded> | null = null;
  #crashes = 0;
  /** Whether Python talks to this engine: only then does it get a line. */
  #connected = false;

  constructor(options: EngineSupervisorOptions<Client>) {
    this.#options = options;
  }

  /** The worker at hand; found or started when there is none. */
  get client(): Client {
    if (this.#client) return this.#client;
    this.#client = this.#options.start({
      base: this.#options.base,
      door: this.#options.door,
      onEnd: (error, ending) => this.#lost(error, ending),
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
    const client = this.#client;
    void client?.line?.().then((line) => {
      if (this.#client === client) this.#options.onLine(line);
    });
  }

  /**
   * Resolves when `model` is loaded. Aborting ends the wait, not the load: others may want it.
   * @throws AlcoveError whatever the load failed with, or `cancelled`.
   */
  async ensure(model: Model, signal?: AbortSignal): Promise<Loaded> {
    if (this.#load?.model.id !== model.id) {
      this.#load?.controller.abort();
      this.#start(model);
    }
    const loaded = (this.#load as Load<Model, Loaded>).promise;
    return signal ? beforeAbort(loaded, signal) : loaded;
  }

  /** The model that can be asked now. */
  get loaded(): Loaded | undefined {
    return this.#load?.loaded;
  }

  /** Gives the worker up, which frees what the model holds unless another tab uses it; `ensure` has it again. */
  release(): void {
    const client = this.#client;
    this.#client = null;
    this.#load = null;
    if (this.#connected) this.#options.onLine(null);
    this.#connected = false;
    client?.leave(new AlcoveError("cancelled", "The model was unloaded."));
    this.#options.onStatus(null);
  }

  #start(model: Model, allowed?: Promise<void>): void {
    const controller = new AbortController();
    const onProgress = (progress: LoadProgress) => this.#options.onStatus(loadStatus(model, progress));
    const begin = () => this.client.load(model, { onProgress, signal: controller.signal });
    const promise = (allowed?.then(begin) ?? begin()).then(
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
    const load: Load<Model, Loaded> = { model, promise, controller };
    this.#load = load;
  }

  #lost(error: AlcoveError, ending: Ending): void {
    const wanted = this.#load?.model;
    this.#client = null;
    this.#load = null;
    if (this.#connected) this.#options.onLine(null);
    if (!wanted) return;
    if (ending === "sleep") {
      // A tab that sleeps loads nothing; whoever uses it again calls `ensure`.
      this.#options.onStatus(null);
      return;
    }
    if (ending === "crashed") this.#crashes += 1;
    if (this.#crashes > MAX_RELOADS) {
      this.#options.onStatus({ phase: "error", text: error.message, error: error.toData() });
      return;
    }
    const what = ending === "moved" ? "The tab that ran the engine is gone" : "The engine stopped";
    this.#options.onStatus({ phase: "recovering", text: `${what}. Starting it again…` });
    // What ended that tab may be the very load: it would end this one too, and then the next.
    this.#start(wanted, ending === "moved" ? this.#options.mayReload(wanted) : undefined);
  }
}

const STAGES: Record<Exclude<LoadProgress["stage"], "queued">, string> = {
  waiting: "Waiting for the server of",
  downloading: "Downloading",
  verifying: "Checking",
  converting: "Preparing",
  loading: "Loading",
  compiling: "Preparing the graphics card for",
  calibrating: "Tuning",
  warming: "Warming up",
};

/** What the way of `model` into the memory is to a person. */
export function loadStatus(model: { name: string }, { stage, bytes, total }: LoadProgress): Status {
  if (stage === "queued") return { phase: "thinking", text: "Waiting for another answer to end" };
  const status: Status = {
    phase: stage === "downloading" || stage === "waiting" ? "downloading" : "loading",
    text: `${STAGES[stage]} ${model.name}`,
  };
  if (total > 0) Object.assign(status, { loaded: bytes, total, fraction: Math.min(1, bytes / total) });
  return status;
}
