/**
 * One loaded model. We make the prompt's tokens ourselves and keep count of what is in the KV cache, so that
 * whatever a conversation shares with the last one is not computed again: WebLLM itself does so only for an
 * answer that ended by itself, and then leaves its end out.
 */

import type { LoadedModel } from "../engine/contract.ts";
import type { PlainSpeech } from "../engine/plain-speech.ts";
import { overflow, type TextMessage } from "../engine/request.ts";
import type { AlcoveError } from "../wire/errors.ts";
import { nextTask } from "../wire/stream.ts";
import { Watch } from "../wire/watch.ts";
import { requestFailure, unfollowed } from "./errors.ts";
import type { Device } from "./gpu.ts";
import { Grammars } from "./grammar.ts";
import { takeLargest } from "./greedy.ts";
import type { ChatConfig } from "./manifest.ts";
import type { GenerationConfig, Pipeline } from "./pipeline.ts";
import { promptTokens } from "./prompt.ts";
import { checkBias } from "./request.ts";

/** For a token, or for what a request needs before: its grammar. */
const STEP_LIMIT_MS = 120_000;
/** For a chunk of prefill: a software GPU on a busy machine computes less than a token a second. */
const CHUNK_LIMIT_MS = 240_000;
/** A stop is heard between chunks of prefill: they are as large as what the card computes in this time. */
const CHUNK_MS = 1_000;
const FIRST_CHUNK = 128;
const LEAST_CHUNK = 32;
/**
 * So few that another conversation has in common are computed again: in the batch of its own tokens they cost next
 * to nothing, while attention over kept and new tokens takes two kernels and a third that joins them.
 */
const FEW_TOKENS = 32;
/** No token is made of more letters. */
const LONGEST_TOKEN = 256;

/** Counts of a generation, as far as it came. Times in milliseconds. */
export interface Counts {
  promptTokens: number;
  cachedTokens: number;
  /** A stop token included. */
  completionTokens: number;
  prefillMs: number;
  decodedTokens: number;
  decodeMs: number;
}

/** Where a generation is: before its first token, and at each token. */
export interface Step extends Counts {
  /** The reply so far. */
  message: string;
}

export type EndReason = "stop" | "length" | "abort";

interface InstanceOptions {
  pipeline: Pipeline;
  config: ChatConfig;
  device: Device;
  loaded: LoadedModel;
  speech: PlainSpeech;
  /** Gives back what the model holds on the card. */
  free: () => void;
}

export class WebLlmInstance {
  readonly loaded: LoadedModel;
  readonly #pipeline: Pipeline;
  readonly #config: ChatConfig;
  readonly #speech: PlainSpeech;
  readonly #free: () => void;
  readonly #lossBehind: (thrown: unknown) => Promise<AlcoveError | undefined>;
  readonly #watch = new Watch();
  /** Tokens in the KV cache. */
  #held: number[] = [];
  /** Tokens that the next prefill computes. */
  #rest: number[] = [];
  readonly #largestChunk: number;
  readonly #grammars: Grammars;
  #pop: ((count: number) => void) | undefined;
  #signal: AbortSignal | undefined;

  constructor({ pipeline, config, device, loaded, speech, free }: InstanceOptions) {
    this.loaded = loaded;
    this.#speech = speech;
    this.#pipeline = pipeline;
    this.#config = config;
    this.#free = free;
    this.#lossBehind = (thrown) => device.lossBehind(thrown);
    void device.lost.then((error) => this.#watch.fail(error));
    this.#largestChunk = pipeline.prefillChunkSize;
    pipeline.prefillChunkSize = Math.min(this.#largestChunk, FIRST_CHUNK);
    this.#grammars = new Grammars(pipeline);
    this.#pop = popOf(pipeline);
    takeLargest(pipeline);
    this.#drive();
  }

  /** Why the model cannot be used any more. */
  get dead(): AlcoveError | undefined {
    return this.#watch.dead;
  }

  /**
   * The tokens of a conversation.
   * @throws AlcoveError `context-overflow`
   */
  tokens(messages: TextMessage[], reply = true): number[] {
    const { context } = this.loaded;
    const letters = messages.reduce((sum, { content }) => sum + content.length, 0);
    const least = Math.floor(letters / LONGEST_TOKEN);
    if (least > context) throw overflow(least, context, true);
    const encode = (text: string) => this.#pipeline.tokenizer.encode(text);
    const prompt = promptTokens(this.#speech.messages(messages), this.#config, reply, encode);
    if (prompt.length > context) throw overflow(prompt.length, context);
    return prompt;
  }

  /**
   * Goes on from `prompt` until the model ends, a limit is reached or `signal` aborts.
   * @throws AlcoveError bad-request, device-lost, out-of-memory, engine-crashed; the last three mean that the
   *   model is lost ({@link dead}). An abort is no error.
   */
  async generate(
    prompt: number[],
    asked: GenerationConfig,
    seed: number | undefined,
    onStep: (step: Step) => void,
    signal: AbortSignal,
  ): Promise<EndReason> {
    const pipeline = this.#pipeline;
    let prefillMs = 0;
    let cachedTokens = 0;
    const tell = () =>
      onStep({
        message: prefillMs > 0 ? pipeline.getMessage() : "",
        promptTokens: prompt.length,
        cachedTokens,
        completionTokens: prefillMs > 0 ? pipeline.getCurRoundCompletionTotalTokens() : 0,
        prefillMs,
        decodedTokens: prefillMs > 0 ? pipeline.getCurRoundDecodingTotalTokens() : 0,
        decodeMs: prefillMs > 0 ? pipeline.getCurRoundDecodingTotalTime() * 1000 : 0,
      });
    const config = await this.#prepared(asked);
    cachedTokens = this.#keep(prompt);
    tell();
    try {
      this.#signal = signal;
      pipeline.setSeed(seed ?? Math.floor(Math.random() * 2 ** 31));
      const began = performance.now();
      await this.#step(pipeline.prefillStep("", "user", undefined, config), CHUNK_LIMIT_MS);
      prefillMs = performance.now() - began;
      this.#measure(prompt.length - cachedTokens, prefillMs);
      tell();
      // The first word leaves before the next step keeps this thread busy.
      await nextTask();
      while (!pipeline.stopped()) {
        if (signal.aborted) pipeline.triggerStop();
        else {
          await this.#step(pipeline.decodeStep(config));
          tell();
        }
      }
      return pipeline.getFinishReason() ?? "stop";
    } catch (thrown) {
      if (signal.aborted && !this.dead) return "abort";
      throw await this.#failure(thrown);
    } finally {
      this.#signal = undefined;
      this.#count(prefillMs > 0 ? [...prompt, ...pipeline.outputIds] : prompt);
    }
  }

  async #prepared(config: GenerationConfig): Promise<GenerationConfig> {
    checkBias(config, this.#pipeline.fullVocabSize);
    const { response_format } = config;
    if (!response_format) return config;
    try {
      return { ...config, response_format: await this.#step(this.#grammars.compact(response_format)) };
    } catch (thrown) {
      throw this.dead ?? unfollowed(thrown);
    }
  }

  /** Computes `prompt` and keeps it. An abort leaves what was computed so far. */
  async prefill(prompt: number[], signal: AbortSignal): Promise<void> {
    const pipeline = this.#pipeline;
    this.#keep(prompt);
    try {
      this.#signal = signal;
      const logits = await this.#step(pipeline.forwardKnownTokens(this.#rest, true), CHUNK_LIMIT_MS);
      // The sampler's shaders are used for the first time here, not when somebody waits.
      if (logits) await this.#step(pipeline.sampleFromRawLogits(logits, {}));
      logits?.dispose();
    } catch (thrown) {
      if (!signal.aborted || this.dead) throw await this.#failure(thrown);
    } finally {
      this.#signal = undefined;
      this.#count(prompt);
    }
  }

  /** Frees the card; what runs fails with `reason`. */
  close(reason: AlcoveError): void {
    this.#watch.fail(reason);
    this.#free();
  }

  /** Leaves in the KV cache what it has in common with `prompt`; returns how much that is. */
  #keep(prompt: number[]): number {
    let common = 0;
    // The last token is computed in any case: what follows it is asked for.
    const most = Math.min(this.#held.length, prompt.length - 1);
    while (common < most && this.#held[common] === prompt[common]) common++;
    const surplus = this.#held.length - common;
    const few = common < FEW_TOKENS && prompt.length - common > 1;
    if (surplus > 0 && (few || !this.#pop)) common = 0;
    if (common === 0) this.#pipeline.resetChat();
    else {
      if (surplus > 0) this.#pop?.(surplus);
      this.#pipeline.filledKVCacheLength = common;
      this.#pipeline.conversation.reset();
    }
    this.#held = prompt.slice(0, common);
    this.#rest = prompt.slice(common);
    return common;
  }

  /** Takes note of what is in the KV cache now: a beginning of `tokens`. */
  #count(tokens: number[]): void {
    this.#held = this.dead ? [] : tokens.slice(0, this.#pipeline.filledKVCacheLength);
  }

  /** Hands our tokens to the pipeline, and lets a stop be heard between chunks. */
  #drive(): void {
    const pipeline = this.#pipeline;
    pipeline.getInputData = async () => [[this.#rest], this.#rest.length, () => 0];
    const forward = pipeline.embedAndForward.bind(pipeline);
    pipeline.embedAndForward = async (data, length) => {
      const logits = await forward(data, length);
      // The last chunk needs no wait of its own: sampling waits for it.
      if (pipeline.filledKVCacheLength < this.#held.length + this.#rest.length) {
        await pipeline.device.sync();
        this.#watch.beat();
        this.#signal?.throwIfAborted();
      }
      return logits;
    };
  }

  #step<T>(work: Promise<T>, limitMs = STEP_LIMIT_MS): Promise<T> {
    return this.#watch.race(work, limitMs);
  }

  /** Chooses the size of chunks by how fast this card was. */
  #measure(tokens: number, ms: number): void {
    if (tokens < LEAST_CHUNK) return;
    const chunk = Math.round((tokens / ms) * CHUNK_MS);
    this.#pipeline.prefillChunkSize = Math.min(this.#largestChunk, Math.max(LEAST_CHUNK, chunk));
  }

  async #failure(thrown: unknown): Promise<AlcoveError> {
    const error = this.dead ?? (await this.#lossBehind(thrown)) ?? requestFailure(thrown);
    if (["engine-crashed", "out-of-memory", "device-lost"].includes(error.code)) this.#watch.fail(error);
    return error;
  }
}

/** Takes tokens off the end of the KV cache, where the model's state allows it. */
function popOf(pipeline: Pipeline): ((count: number) => void) | undefined {
  const { tvm } = pipeline;
  if (pipeline.kvStateKind !== "kv_cache" || pipeline.slidingWindowSize !== -1) return undefined;
  tvm.beginScope();
  try {
    const pop = tvm.detachFromCurrentScope(tvm.getGlobalFunc("vm.builtin.kv_state_popn"));
    return (count) => pop(pipeline.kvCache, tvm.scalar(0, "int64"), tvm.scalar(count, "int32"));
  } catch {
    return undefined;
  } finally {
    tvm.endScope();
  }
}
