/**
 * Completions for the page, without Python and without a conversation: OpenAI's request in, OpenAI's answer out, from
 * the engine that conversations use. Several take turns, for they may want different models.
 */
import type { ChatRequest, Chunk, LoadedModel, ModelSpec } from "../../../workers/engine/contract.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { Queue } from "../../../workers/wire/queue.ts";
import type { RoleEngine } from "../engines/role.ts";
import { type Completion, CompletionGatherer } from "./gather.ts";

/** What OpenAI's chat completions take. `model` is one of `alcove.models.list()`; left out, that of new conversations. */
export interface CompletionRequest extends ChatRequest {
  /** OpenAI's newer name of `max_tokens`. */
  max_completion_tokens?: number;
  /** llama.cpp's engine only, as are the next two. */
  top_k?: number;
  min_p?: number;
  repeat_penalty?: number;
}

export interface CompleteOptions {
  signal?: AbortSignal;
  /** Hears each chunk as it comes. What it throws ends the completion, and is what that fails with. */
  onChunk?: (chunk: Chunk) => void;
}

/** The parts of Alcove that a completion needs. */
interface Parts {
  engine: RoleEngine;
  /** The model of this id that writes text, or that of new conversations. */
  find: (id: string | undefined) => Promise<ModelSpec>;
}

export class Completions {
  readonly #parts: Parts;
  readonly #queue = new Queue();
  readonly #open = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See `Alcove.complete`. */
  async complete(request: CompletionRequest, { signal, onChunk }: CompleteOptions = {}): Promise<Completion> {
    if (typeof request !== "object" || request === null || !Array.isArray(request.messages)) {
      throw new AlcoveError("bad-request", "The request holds no messages.", {
        action: "Send OpenAI's JSON: { messages: [{ role, content }] }.",
      });
    }
    const stop = signal ? AbortSignal.any([signal, this.#open.signal]) : this.#open.signal;
    const spec = await beforeAbort(this.#parts.find(request.model), stop);
    return this.#queue.run(() => this.#answer({ ...request, model: spec.id }, spec, stop, onChunk), stop);
  }

  /** See `Alcove.load`. */
  async load(model: string | undefined, signal?: AbortSignal): Promise<LoadedModel> {
    const stop = signal ? AbortSignal.any([signal, this.#open.signal]) : this.#open.signal;
    const spec = await beforeAbort(this.#parts.find(model), stop);
    return this.#queue.run(() => this.#parts.engine.ensure(spec, stop), stop);
  }

  /** Ends what runs and waits, and nothing starts any more. */
  close(): void {
    this.#open.abort();
  }

  async #answer(
    request: CompletionRequest,
    spec: ModelSpec,
    stop: AbortSignal,
    onChunk: (chunk: Chunk) => void = () => undefined,
  ): Promise<Completion> {
    await this.#parts.engine.ensure(spec, stop);
    const answer = new CompletionGatherer(spec.id);
    try {
      for await (const chunk of this.#parts.engine.client.complete(request, { signal: stop })) {
        if (answer.take(chunk)) onChunk(chunk);
      }
    } catch (thrown) {
      if (!stop.aborted || !(thrown instanceof AlcoveError) || thrown.code !== "cancelled") throw thrown;
    }
    if (this.#open.signal.aborted) throw new AlcoveError("cancelled", "Alcove was closed.");
    return answer.completion(stop.aborted);
  }
}
