/**
 * The parts of WebLLM's LLMChatPipeline and EmbeddingPipeline that we drive. Most of it is private in its types;
 * the version of WebLLM is pinned.
 */
import type { MLCEngine } from "@mlc-ai/web-llm";

/** What a step of generation gets. Checked before: WebLLM's own checks come too late or not at all. */
export interface GenerationConfig {
  temperature?: number;
  /** Above 0. */
  top_p?: number;
  max_tokens?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  repetition_penalty?: number;
  stop?: string[];
  logit_bias?: Record<string, number>;
  response_format?: ResponseFormat;
}

export type ResponseFormat =
  | { type: "json_object"; schema: string }
  | { type: "grammar"; grammar: string }
  | { type: "structural_tag"; structural_tag: unknown };

/** A function of TVM's runtime inside the model's library. */
type TvmFunction = ((...args: unknown[]) => unknown) & { dispose(): void };

/** An array of TVM's, on the card or off it. */
export interface Tensor {
  readonly shape: number[];
  readonly dtype: string;
  copyFrom(other: Tensor): void;
  /** Of one that is off the card, once the card has done its work. */
  toArray(): ArrayLike<number>;
  dispose(): void;
}

/** xgrammar's class of grammars. */
export interface XGrammar {
  /** @param indent -1 for one line */
  fromJSONSchema(
    schema: string,
    anyWhitespace: boolean,
    indent: number,
    separators: [string, string],
    strict: boolean,
  ): Promise<XGrammarObject>;
}

interface XGrammarObject {
  toString(): string;
  dispose(): void;
}

export interface Pipeline {
  readonly tokenizer: Encoding;
  readonly tvm: {
    getGlobalFunc(name: string): TvmFunction;
    detachFromCurrentScope<T>(object: T): T;
    beginScope(): void;
    endScope(): void;
    scalar(value: number, dtype: string): unknown;
    empty(shape: number[], dtype: string, device: unknown): Tensor;
    cpu(): unknown;
  };
  /** The library. `getFunction` throws where it has none of that name. */
  readonly vm: { getFunction(name: string): TvmFunction };
  decoding: TvmFunction;
  readonly device: { sync(): Promise<void> };
  readonly conversation: { reset(): void };
  /** Rows of the logits. */
  readonly fullVocabSize: number;
  /** Tokens of the window; -1 where it slides. */
  readonly contextWindowSize: number;
  readonly slidingWindowSize: number;
  readonly kvStateKind: string;
  readonly kvCache: unknown;
  /** Tokens that one step of prefill may take. */
  prefillChunkSize: number;
  /** Tokens in the KV cache. */
  filledKVCacheLength: number;
  /** Tokens generated this round, without a stop token. */
  readonly outputIds: number[];

  prefillStep(text: string, role: "user", roleName: undefined, config: GenerationConfig): Promise<void>;
  decodeStep(config: GenerationConfig): Promise<void>;
  /** Computes `tokens` after what the KV cache holds. */
  forwardKnownTokens(tokens: number[], isPrefill: true): Promise<Tensor | undefined>;
  /** Chooses a token: grammar mask, bias and penalties, in place; then the three functions below. */
  sampleFromRawLogits(logits: Tensor, config: GenerationConfig): Promise<number>;
  fsoftmaxWithTemperature(logits: Tensor, temperatures: Tensor): Tensor;
  fargsortProbs(probabilities: Tensor): { get(index: number): Tensor };
  fsampleWithTopP(...sorted: Tensor[]): Tensor;
  /** One integer. */
  readonly sampleIndicesDevice: Tensor;
  stopped(): boolean;
  triggerStop(): void;
  getMessage(): string;
  getFinishReason(): "stop" | "length" | "abort" | undefined;
  setSeed(seed: number): void;
  /** Empties the KV cache and the conversation. */
  resetChat(): void;
  getCurRoundPrefillTotalTokens(): number;
  /** Seconds. */
  getCurRoundPrefillTotalTime(): number;
  getCurRoundCompletionTotalTokens(): number;
  getCurRoundDecodingTotalTokens(): number;
  /** Seconds. */
  getCurRoundDecodingTotalTime(): number;

  /** Makes the grammar compiler at the first call. */
  prepareGrammarMatcherForSampling(config: GenerationConfig): Promise<void> | undefined;
  readonly grammarCompiler: {
    compileGrammar(grammar: string): Promise<{ grammar(): XGrammarObject; dispose(): void }>;
  };

  /** The tokens to prefill, their number, and the size of an image. */
  getInputData(): Promise<[number[][], number, () => number]>;
  embedAndForward(data: number[][], length: number): Promise<unknown>;
}

/** A tokenizer of WebLLM's. */
export interface Encoding {
  encode(text: string): Int32Array;
  getVocabSize(): number;
}

export interface EmbeddingPipeline {
  readonly tokenizer: Encoding & {
    constructor: { fromJSON(file: ArrayBuffer): Promise<Encoding & { dispose(): void }> };
  };
  /** Most texts of one step, as the library was compiled. */
  readonly maxBatchSize: number;
  /** Pads the shorter ones, and masks what it padded. Each text has tokens. */
  embedStep(tokens: number[][]): Promise<number[][]>;
}

/** The pipeline of a loaded model, if the load came that far: the record's `model_type` decides which. */
export function pipelineOf(engine: MLCEngine, id: string): Pipeline | EmbeddingPipeline | undefined {
  return (
    engine as unknown as { loadedModelIdToPipeline: Map<string, Pipeline | EmbeddingPipeline> }
  ).loadedModelIdToPipeline.get(id);
}
