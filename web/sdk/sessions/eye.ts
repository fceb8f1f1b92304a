/** Eyes: a vision model in a worker of its own, so that it and a conversation's model can both be loaded. */
import type {
  ChatMessage,
  ChatRequest,
  Chunk,
  ContentPart,
  FinishReason,
  LlamaCppModel,
  LoadedModel,
  Vision,
} from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Roster } from "../engines/roster.ts";
import { type Picture, type Prepared, prepare } from "../pictures/picture.ts";

export type { Picture } from "../pictures/picture.ts";

export interface DescribeOptions {
  /** Default 256. */
  maxTokens?: number;
  /** Default 0: the same picture gives the same words. */
  temperature?: number;
  topP?: number;
  systemPrompt?: string;
  signal?: AbortSignal;
  /** Hears each piece of the answer as it comes. */
  onText?: (piece: string) => void;
}

export interface VisionResult {
  text: string;
  promptTokens: number;
  /** Those of the prompt tokens that are the picture's. */
  imageTokens: number;
  completionTokens: number;
  totalTokens: number;
  timeToFirstTokenMs: number;
  imageEncodeTimeMs: number;
  totalTimeMs: number;
  tokensPerSecond: number;
  hardwareUsed: string;
  finishReason: FinishReason;
}

/**
 * A vision model. Its worker holds one model at a time: an eye whose model another one replaced loads it again
 * when it is next used.
 */
export class Eye {
  readonly model: string;
  readonly #spec: LlamaCppModel;
  readonly #roster: Roster;
  #open = new AbortController();

  constructor(spec: LlamaCppModel, roster: Roster) {
    this.model = spec.id;
    this.#spec = spec;
    this.#roster = roster;
  }

  /**
   * Resolves when the model is loaded; loads it again when it was given up meanwhile.
   * @throws AlcoveError whatever the load failed with; `cancelled` after an abort, after `close()`, and when
   *   another eye's model took its place
   */
  ready(signal?: AbortSignal): Promise<LoadedModel> {
    this.#roster.eyeQueue.hold(this, this.model);
    return this.#roster.roles.eyes.ensure(this.#spec, signal);
  }

  /**
   * Looks at `picture`, as it is now, and answers `prompt`. Looks wait for each other, 32 of them at most, and for a
   * model that is still on its way. An abort ends with finishReason "cancelled" and what was said so far.
   * @throws AlcoveError `bad-request` for what is no picture or an option out of its range; `busy` when too many
   *   wait; `engine-crashed` (the next call has a new engine); what the load failed with; `cancelled` after `close()`
   */
  async describe(picture: Picture, prompt: string, options: DescribeOptions = {}): Promise<VisionResult> {
    if (typeof prompt !== "string") {
      throw new AlcoveError("bad-request", "The question about the picture is not a text.");
    }
    const { signal } = options;
    const stop = signal ? AbortSignal.any([signal, this.#open.signal]) : this.#open.signal;
    const answer = new Answer(options.onText);
    try {
      await this.#roster.eyeQueue.run(
        () => prepare(picture, this.#spec.vision as Vision),
        (prepared) =>
          this.#look(prepared, (part) => request(this.model, part, prompt, options), answer, stop),
        (prepared) => prepared.discard(),
        stop,
      );
    } catch (thrown) {
      if (!stop.aborted) throw thrown;
    }
    if (stop.aborted && !signal?.aborted) {
      throw new AlcoveError("cancelled", "The vision model was closed.");
    }
    return answer.result(stop.aborted);
  }

  /** Frees the model, and ends what runs and waits; using the eye again loads it again. */
  close(): void {
    this.#open.abort();
    this.#open = new AbortController();
    const { eyeQueue, roles } = this.#roster;
    if (eyeQueue.letGo(this) && roles.eyes.wanted === this.model) roles.eyes.release();
  }

  async #look(
    prepared: Prepared,
    request: (part: ContentPart) => ChatRequest,
    answer: Answer,
    signal: AbortSignal,
  ): Promise<void> {
    const { eyes } = this.#roster.roles;
    try {
      answer.loaded = await this.#loaded(signal);
    } catch (thrown) {
      prepared.discard();
      throw thrown;
    }
    const { part, transfer } = prepared;
    for await (const chunk of eyes.client.complete(request(part), { signal, transfer })) answer.take(chunk);
  }

  /** The model, loaded and wanted at this moment: other eyes may ask for theirs while we wait. */
  async #loaded(signal: AbortSignal): Promise<LoadedModel> {
    const { eyes } = this.#roster.roles;
    while (true) {
      try {
        const loaded = await this.ready(signal);
        if (eyes.wanted === this.model) return loaded;
      } catch (thrown) {
        const replaced = eyes.wanted !== undefined && eyes.wanted !== this.model;
        if (signal.aborted || !replaced || (thrown as AlcoveError).code !== "cancelled") throw thrown;
      }
    }
  }
}

function request(
  model: string,
  part: ContentPart,
  prompt: string,
  { maxTokens = 256, temperature = 0, topP, systemPrompt }: DescribeOptions,
): ChatRequest {
  const question: ChatMessage = { role: "user", content: [part, { type: "text", text: prompt }] };
  return {
    model,
    messages: systemPrompt ? [{ role: "system", content: systemPrompt }, question] : [question],
    max_tokens: maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
  };
}

/** What comes of one look. */
class Answer {
  loaded: LoadedModel | undefined;
  readonly #onText: ((piece: string) => void) | undefined;
  readonly #began = performance.now();
  #text = "";
  #last: Chunk | undefined;

  constructor(onText: ((piece: string) => void) | undefined) {
    this.#onText = onText;
  }

  take(chunk: Chunk): void {
    const piece = chunk.choices[0].delta.content ?? "";
    this.#text += piece;
    if (piece) this.#onText?.(piece);
    this.#last = chunk;
  }

  result(cancelled: boolean): VisionResult {
    const usage = this.#last?.usage;
    if (!usage && !cancelled) throw new AlcoveError("engine-crashed", "The vision model gave no answer.");
    return {
      text: this.#text,
      promptTokens: usage?.prompt_tokens ?? 0,
      imageTokens: usage?.image_tokens ?? 0,
      completionTokens: usage?.completion_tokens ?? 0,
      totalTokens: usage?.total_tokens ?? 0,
      timeToFirstTokenMs: usage?.ttft_ms ?? 0,
      imageEncodeTimeMs: usage?.image_encode_ms ?? 0,
      totalTimeMs: performance.now() - this.#began,
      tokensPerSecond: usage?.decode_tokens_per_second ?? 0,
      hardwareUsed: this.loaded?.device ?? "",
      finishReason: cancelled ? "cancelled" : (this.#last?.choices[0].finish_reason ?? "stop"),
    };
  }
}
