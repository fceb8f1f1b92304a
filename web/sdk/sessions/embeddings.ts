/**
 * Texts → vectors for the page: an embedding model in an engine of its own, so that a conversation keeps its
 * model. Several calls take turns, for they may want different models.
 */

import type { EmbeddingRequest, EmbeddingResponse, ModelSpec } from "../../../workers/engine/contract.ts";
import { makesEmbeddings, writesOnly } from "../../../workers/engine/embedding.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { Queue } from "../../../workers/wire/queue.ts";
import { keepAwake, stopWaiting } from "../engines/idle.ts";
import type { RoleEngine } from "../engines/role.ts";
import type { Models } from "../models/catalogue.ts";

export interface EmbedOptions {
  /**
   * A model of `alcove.models.list()` that is good for "embedding"; left out, that of the last call. Name it where
   * vectors are kept: those of different models cannot be compared.
   */
  model?: string;
  signal?: AbortSignal;
}

export class Embeddings {
  readonly #models: Models;
  readonly #engine: RoleEngine;
  readonly #queue = new Queue();
  #closed = false;
  /** The model of the last call: vectors of different models cannot be compared. */
  #last: ModelSpec | undefined;

  constructor(models: Models, engine: RoleEngine) {
    this.#models = models;
    this.#engine = engine;
  }

  /** See `Alcove.embed`. */
  async embed(texts: string[], { model, signal }: EmbedOptions = {}): Promise<Float32Array[]> {
    const request = { input: texts, ...(model === undefined ? {} : { model }) };
    const { data } = await this.ask(request, signal);
    return data.map(({ embedding }) => Float32Array.from(embedding));
  }

  /** The same in OpenAI's shape. */
  async ask(request: EmbeddingRequest, signal?: AbortSignal): Promise<EmbeddingResponse> {
    const { model } = request;
    const spec = model === undefined && this.#last ? this.#last : await this.#choose(model);
    this.#last = spec;
    // It is given up when nobody asks for a while: a conversation may need the card's memory.
    const letGo = keepAwake(this.#engine);
    try {
      return await this.#queue.run(async () => {
        if (this.#closed) throw new AlcoveError("cancelled", "Alcove was closed.");
        await this.#engine.ensure(spec, signal);
        return this.#engine.client.embed({ ...request, model: spec.id }, signal ? { signal } : {});
      }, signal);
    } finally {
      letGo();
    }
  }

  /** Nothing starts any more. What computes is ended with its worker, by `Roster.release`. */
  close(): void {
    this.#closed = true;
    stopWaiting(this.#engine);
  }

  /** The one that is named; else one of this site, or one on this device: nothing new is fetched. */
  async #choose(id: string | undefined): Promise<ModelSpec> {
    if (id !== undefined) {
      const spec = await this.#models.find(id);
      if (!makesEmbeddings(spec)) throw writesOnly();
      return spec;
    }
    const entries = (await this.#models.list()).filter(
      ({ goodFor, fits }) => fits && goodFor.includes("embedding") && !goodFor.includes("testing"),
    );
    const entry = entries.find(({ shipped }) => shipped) ?? entries.find(({ cached }) => cached);
    if (entry) return this.#choose(entry.id);
    throw new AlcoveError("model-not-found", "There is no embedding model on this device yet.", {
      action: 'Name one: alcove.models.list() has those that are good for "embedding".',
    });
  }
}
