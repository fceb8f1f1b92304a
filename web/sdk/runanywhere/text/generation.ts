/**
 * What `generateStream` gives: RunAnywhere's documents iterate it, its releases await it. It begins by itself, whether
 * anybody reads or not.
 */
import { streamOf } from "../../../../workers/wire/stream.ts";
import type { HardwareAcceleration, LLMFramework } from "../names.ts";

export interface LLMGenerationOptions {
  /** Default 512. */
  maxTokens?: number;
  /** Default 0.7. */
  temperature?: number;
  topP?: number;
  topK?: number;
  stopSequences?: string[];
  systemPrompt?: string;
  /** Accepted and not needed: `generateStream` streams. */
  streamingEnabled?: boolean;
}

export interface LLMGenerationResult {
  /** The answer, without what the model thought before it. */
  text: string;
  thinkingContent?: string;
  inputTokens: number;
  tokensUsed: number;
  modelUsed: string;
  latencyMs: number;
  framework: LLMFramework;
  hardwareUsed: HardwareAcceleration;
  tokensPerSecond: number;
  timeToFirstTokenMs?: number;
  thinkingTokens: number;
  responseTokens: number;
}

export interface LLMStreamingResult {
  stream: AsyncIterable<string>;
  /** Rejects with what the generation failed with. */
  result: Promise<LLMGenerationResult>;
  cancel: () => void;
}

type Run = (push: (piece: string) => void, stop: AbortSignal) => Promise<LLMGenerationResult>;

export class Generation implements AsyncIterable<string>, PromiseLike<LLMStreamingResult> {
  readonly stream: AsyncIterable<string>;
  readonly result: Promise<LLMGenerationResult>;
  readonly #stop = new AbortController();

  constructor(run: Run) {
    let begun: Promise<LLMGenerationResult> | undefined;
    this.stream = streamOf<string>((push) => {
      begun = run(push, this.#stop.signal);
      return begun;
    }, this.cancel);
    this.result = begun as unknown as Promise<LLMGenerationResult>;
    // Whoever only reads the stream hears of it there.
    this.result.catch(() => undefined);
  }

  readonly cancel = (): void => this.#stop.abort();

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.stream[Symbol.asyncIterator]();
  }

  // biome-ignore lint/suspicious/noThenProperty: it is awaited, as RunAnywhere's is.
  then<A = LLMStreamingResult, B = never>(
    onFulfilled?: ((result: LLMStreamingResult) => A | PromiseLike<A>) | null,
    onRejected?: ((thrown: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const { stream, result, cancel } = this;
    return Promise.resolve({ stream, result, cancel }).then(onFulfilled, onRejected);
  }
}
