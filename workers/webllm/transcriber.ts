/** A growing reply → chunks: one opening chunk, deltas, and a last one with finish_reason and usage. */
import { ChunkWriter, type Delta, perSecond } from "../engine/chunks.ts";
import type { Chunk, FinishReason, Usage } from "../engine/contract.ts";
import type { ToolReading } from "../engine/tools.ts";
import type { Counts, EndReason, Step } from "./instance.ts";
import { Speaker } from "./text.ts";
import { CallReader } from "./tools.ts";

/** Follows one completion. */
export class Transcriber {
  readonly #writer: ChunkWriter;
  readonly #speaker: Speaker;
  readonly #reader: CallReader | undefined;
  readonly #began = performance.now();
  #firstToken: number | undefined;
  #calls = 0;
  #counts: Counts | undefined;
  /** How many tokens a chunk has told. */
  #told = 0;
  #message = "";

  /**
   * @param stops texts that end the reply
   * @param callable whether the reply may hold tool calls
   */
  constructor(model: string, stops: string[] = [], callable = false) {
    this.#writer = new ChunkWriter(model);
    this.#speaker = new Speaker(stops);
    this.#reader = callable ? new CallReader() : undefined;
  }

  /** The first chunk. */
  opening(): Chunk {
    return this.#writer.opening();
  }

  /** The chunk for a new token, if it says anything. */
  take({ message, ...counts }: Step): Chunk | undefined {
    if (counts.completionTokens > 0) this.#firstToken ??= performance.now();
    this.#message = message;
    this.#counts = counts;
    return this.#chunk(this.#read(this.#speaker.take(message)));
  }

  /** What was held back, and the end. */
  last(reason: EndReason): Chunk[] {
    const rest = this.#read(this.#speaker.end(this.#message));
    const content = (rest.content ?? "") + (this.#reader?.end() ?? "");
    const chunk = this.#chunk(content ? { ...rest, content } : rest);
    const finish: FinishReason = reason === "abort" ? "cancelled" : this.#calls > 0 ? "tool_calls" : reason;
    const end = { ...this.#writer.chunk({}, finish), usage: this.#usage() };
    return chunk ? [chunk, end] : [end];
  }

  /** All zero when the request never got its turn. */
  #usage(): Usage {
    const { promptTokens = 0, cachedTokens = 0, completionTokens = 0 } = this.#counts ?? {};
    const { prefillMs = 0, decodedTokens = 0, decodeMs = 0 } = this.#counts ?? {};
    return {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens },
      ttft_ms: Math.round((this.#firstToken ?? performance.now()) - this.#began),
      prefill_tokens_per_second: perSecond(promptTokens - cachedTokens, prefillMs),
      decode_tokens_per_second: perSecond(decodedTokens, decodeMs),
    };
  }

  #read(text: string): ToolReading {
    if (!text) return {};
    return this.#reader?.take(text) ?? { content: text };
  }

  #chunk({ content, call }: ToolReading): Chunk | undefined {
    const delta: Delta = {};
    if (content) delta.content = content;
    if (call) {
      const id = `call_${crypto.randomUUID().slice(0, 8)}`;
      delta.tool_calls = [{ index: this.#calls++, id, type: "function", function: call }];
    }
    if (!content && !call) return undefined;
    const { completionTokens = 0 } = this.#counts ?? {};
    const tokens = completionTokens - this.#told;
    this.#told = completionTokens;
    return { ...this.#writer.chunk(delta, null), tokens };
  }
}
