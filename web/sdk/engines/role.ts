/** What fills a role: an engine of each kind that can, of which one at a time holds a model. */

import type { EngineClient } from "../../../workers/engine/client.ts";
import type {
  EngineName,
  LlamaCppModel,
  LoadedModel,
  ModelSpec,
  WebLlmModel,
} from "../../../workers/engine/contract.ts";
import type { LlamaCppClient } from "../../../workers/llamacpp/client.ts";
import type { WebLlmClient } from "../../../workers/webllm/client.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { EngineSupervisor } from "./supervisor.ts";

/** The engines that a role may run on. */
export interface Supervisors {
  llamacpp?: EngineSupervisor<LlamaCppModel, LlamaCppClient>;
  webllm?: EngineSupervisor<WebLlmModel, WebLlmClient>;
}

/** Whichever of them it is. */
type Supervisor = EngineSupervisor<ModelSpec, EngineClient>;

export class RoleEngine {
  readonly #supervisors: Supervisors;
  readonly #forPython: boolean;
  #active: EngineName | null = null;

  /** @param forPython whether Python talks to this engine, past the page */
  constructor(supervisors: Supervisors, forPython = false) {
    this.#supervisors = supervisors;
    this.#forPython = forPython;
  }

  /** The id of the model that is loaded, being loaded, or loaded again after a crash. */
  get wanted(): string | undefined {
    return this.#current?.wanted;
  }

  /** The model that can be asked now. */
  get loaded(): (LoadedModel & { engine: EngineName }) | null {
    const loaded = this.#current?.loaded;
    return loaded && this.#active ? { ...loaded, engine: this.#active } : null;
  }

  /**
   * The running worker of the engine in use.
   * @throws AlcoveError `model-not-found` before a model was asked for
   */
  get client(): EngineClient {
    if (!this.#current) throw new AlcoveError("model-not-found", "No model is loaded.");
    return this.#current.client;
  }

  /**
   * Resolves when `model` is loaded. Another engine's model is given up first, because two would crowd the memory.
   * Aborting ends the wait, not the load: others may want it.
   * @throws AlcoveError whatever the load failed with; `cancelled`; `unsupported` for an engine that cannot do this
   */
  async ensure(model: ModelSpec, signal?: AbortSignal): Promise<LoadedModel> {
    const supervisor = this.#of(model.engine);
    if (!supervisor) {
      throw new AlcoveError("unsupported", `The model "${model.id}" cannot do this.`, {
        action: "Choose another model.",
      });
    }
    if (this.#active !== model.engine) {
      this.#current?.release();
      this.#active = model.engine;
      if (this.#forPython) supervisor.connect();
    }
    return supervisor.ensure(model, signal);
  }

  /** Gives Python a new line to the engine in use: to be called when Python was replaced. */
  connect(): void {
    this.#current?.connect();
  }

  /** Gives the workers up, which frees what the model holds unless another tab uses it; `ensure` has it again. */
  release(): void {
    for (const supervisor of Object.values(this.#supervisors)) supervisor.release();
    this.#active = null;
  }

  get #current(): Supervisor | undefined {
    return this.#active ? this.#of(this.#active) : undefined;
  }

  /** Each takes the models of its own engine only, which their common type cannot say. */
  #of(engine: EngineName): Supervisor | undefined {
    return this.#supervisors[engine] as Supervisor | undefined;
  }
}
