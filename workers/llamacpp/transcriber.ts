/** llama.cpp's chunks → ours: one opening chunk, deltas, and a last one with finish_reason and usage. */

import { ChunkWriter, type Delta, perSecond } from "../engine/chunks.ts";
import type { Chunk, FinishReason, ToolCallDelta, Usage } from "../engine/contract.ts";
import type { LlamaChunk } from "./instance.ts";
import type { PictureCost } from "./picture-cost.ts";
import { ToolReader } from "./tools.ts";

/** Follows one completion. Times are milliseconds of `performance.now()`. */
export class Transcriber {
  readonly #writer: ChunkWriter;
  readonly #began: number;
  readonly #callIds = new Map<number, string>();
  #firstToken: number | undefined;
  #finish: FinishReason | undefined;
  #called = false;
  #promptTokens = 0;
  #cachedTokens = 0;
  #prefilled = 0;
  #prefillMs = 0;
  #completionTokens = 0;
  /** How many of them a chunk has told. */
  #told = 0;
  #decodeMs = 0;

  readonly #reader: ToolReader | undefined;

  readonly #pictureCost: Pick<PictureCost, "usage"> | undefined;

  /**
   * @param structured whether the reply is to be read with {@link ToolReader}
   * @param pictureCost counts the request's pictures
   * @param began when the engine took the request up
   */
  constructor(
    model: string,
    structured = false,
    pictureCost?: Pick<PictureCost, "usage">,
    began: number = performance.now(),
  ) {
    this.#began = began;
    this.#pictureCost = pictureCost;
    this.#writer = new ChunkWriter(model);
    this.#reader = structured ? new ToolReader() : undefined;
  }

  /** Our chunk for llama.cpp's `chunk`, if it says anything to the reader. */
  take(chunk: LlamaChunk): Chunk | undefined {
    this.#count(chunk);
    const choice = chunk.choices?.[0];
    if (!choice) return undefined;
    if (choice.finish_reason) this.#finish = choice.finish_reason as FinishReason;
    const delta: Delta = {};
    if (choice.delta?.content) this.#text(choice.delta.content, delta);
    if (choice.delta?.tool_calls?.length)
      delta.tool_calls = choice.delta.tool_calls.map((call) => this.#call(call));
    if (delta.content === undefined && delta.tool_calls === undefined) return undefined;
    const tokens = this.#completionTokens - this.#told;
    this.#told = this.#completionTokens;
    return { ...this.#writer.chunk(delta, null), tokens };
  }

  /** The first chunk. */
  opening(): Chunk {
    return this.#writer.opening();
  }

  last(cancelled: boolean): Chunk {
    const finish = cancelled ? "cancelled" : this.#called ? "tool_calls" : (this.#finish ?? "stop");
    return { ...this.#writer.chunk({}, finish), usage: this.usage() };
  }

  usage(): Usage {
    return {
      prompt_tokens: this.#promptTokens,
      completion_tokens: this.#completionTokens,
      total_tokens: this.#promptTokens + this.#completionTokens,
      prompt_tokens_details: { cached_tokens: this.#cachedTokens },
      ttft_ms: Math.round((this.#firstToken ?? performance.now()) - this.#began),
      prefill_tokens_per_second: perSecond(this.#prefilled, this.#prefillMs),
      decode_tokens_per_second: perSecond(this.#completionTokens, this.#decodeMs),
      ...this.#pictureCost?.usage(this.#cachedTokens),
    };
  }

  #count(chunk: LlamaChunk): void {
    const { prompt_progress: progress, timings } = chunk;
    if (progress) {
      this.#promptTokens = progress.total;
      this.#cachedTokens = progress.cache;
      this.#prefilled = progress.processed - progress.cache;
      this.#prefillMs = progress.time_ms;
      return;
    }
    if (!timings) return;
    if (timings.predicted_n > 0) this.#firstToken ??= performance.now();
    this.#promptTokens = timings.cache_n + timings.prompt_n;
    this.#cachedTokens = timings.cache_n;
    this.#prefilled = timings.prompt_n;
    this.#prefillMs = timings.prompt_ms;
    this.#completionTokens = timings.predicted_n;
    this.#decodeMs = timings.predicted_ms;
  }

  #text(text: string, delta: Delta): void {
    const { content, call } = this.#reader?.take(text) ?? { content: text };
    if (content) delta.content = content;
    if (!call) return;
    this.#called = true;
    delta.tool_calls = [this.#call({ index: 0, function: call })];
  }

  #call(call: ToolCallDelta): ToolCallDelta {
    const known = this.#callIds.get(call.index);
    const id = known ?? (call.id || `call_${crypto.randomUUID().slice(0, 8)}`);
    this.#callIds.set(call.index, id);
    const delta: ToolCallDelta = { index: call.index };
    if (known === undefined) Object.assign(delta, { id, type: "function" });
    if (call.function) delta.function = call.function;
    return delta;
  }
}
