/** One loaded embedding model. WebLLM's pipeline computes; tokens, batches and time-outs are ours. */

import type { LoadedModel } from "../engine/contract.ts";
import { tooLong } from "../engine/embedding.ts";
import type { AlcoveError } from "../wire/errors.ts";
import { Watch } from "../wire/watch.ts";
import { batches, type Frame, framed, frameOf, plain } from "./embed-tokens.ts";
import { requestFailure } from "./errors.ts";
import type { Device } from "./gpu.ts";
import type { EmbeddingPipeline, Encoding } from "./pipeline.ts";

/** For one batch: a software GPU on a busy machine is slow. */
const BATCH_LIMIT_MS = 240_000;
/** So many texts are made into tokens before a stop can be heard. */
const TEXTS_A_BREATH = 64;
/** No token is taken to be made of more letters. */
const LONGEST_TOKEN = 256;

interface EmbedderOptions {
  pipeline: EmbeddingPipeline;
  /** The model's tokenizer.json, if it has one. */
  tokenizer: string | undefined;
  device: Device;
  loaded: LoadedModel;
  /** Gives back what the model holds on the card. */
  free: () => void;
}

export class Embedder {
  readonly loaded: LoadedModel;
  readonly #pipeline: EmbeddingPipeline;
  readonly #encoding: Encoding;
  readonly #frame: Frame;
  readonly #free: () => void;
  readonly #lossBehind: (thrown: unknown) => Promise<AlcoveError | undefined>;
  readonly #watch = new Watch();

  private constructor(options: EmbedderOptions, encoding: Encoding, frame: Frame) {
    const { pipeline, device, loaded, free } = options;
    this.loaded = loaded;
    this.#pipeline = pipeline;
    this.#encoding = encoding;
    this.#frame = frame;
    this.#free = free;
    this.#lossBehind = (thrown) => device.lossBehind(thrown);
    void device.lost.then((error) => this.#watch.fail(error));
  }

  static async open(options: EmbedderOptions): Promise<Embedder> {
    const { pipeline, tokenizer, free } = options;
    if (tokenizer === undefined) {
      return new Embedder(options, pipeline.tokenizer, { before: [], after: [] });
    }
    const kind = pipeline.tokenizer.constructor;
    const bytes = new TextEncoder().encode(plain(tokenizer));
    const own = await kind.fromJSON(bytes.buffer);
    const freeAll = () => {
      own.dispose();
      free();
    };
    return new Embedder({ ...options, free: freeAll }, own, frameOf(tokenizer));
  }

  /** Why the model cannot be used any more. */
  get dead(): AlcoveError | undefined {
    return this.#watch.dead;
  }

  /**
   * The tokens of each text.
   * @throws AlcoveError `context-overflow`; what `signal` aborts with
   */
  async tokens(texts: string[], signal: AbortSignal): Promise<number[][]> {
    const { context } = this.loaded;
    const found: number[][] = [];
    for (const [place, text] of texts.entries()) {
      if (place % TEXTS_A_BREATH === 0) await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      const least = Math.floor(text.length / LONGEST_TOKEN);
      if (least > context) throw tooLong(place, least, context, true);
      const tokens = framed([...this.#encoding.encode(text)], this.#frame);
      if (tokens.length > context) throw tooLong(place, tokens.length, context);
      found.push(tokens);
    }
    return found;
  }

  /**
   * The vectors of texts, each of which has tokens. A stop is heard between batches.
   * @throws AlcoveError device-lost, out-of-memory, engine-crashed: the model is lost ({@link dead}); `cancelled`
   */
  async embed(tokens: number[][], signal: AbortSignal): Promise<number[][]> {
    const vectors: number[][] = new Array(tokens.length);
    const lengths = tokens.map(({ length }) => length);
    for (const places of batches(lengths, this.#pipeline.maxBatchSize)) {
      signal.throwIfAborted();
      const batch = places.map((place) => tokens[place] as number[]);
      const found = await this.#step(batch);
      for (const [i, place] of places.entries()) vectors[place] = found[i] as number[];
    }
    return vectors;
  }

  /** Frees the card; what runs fails with `reason`. */
  close(reason: AlcoveError): void {
    this.#watch.fail(reason);
    this.#free();
  }

  async #step(batch: number[][]): Promise<number[][]> {
    try {
      return await this.#watch.race(this.#pipeline.embedStep(batch), BATCH_LIMIT_MS);
    } catch (thrown) {
      const error = this.dead ?? (await this.#lossBehind(thrown)) ?? requestFailure(thrown);
      if (["engine-crashed", "out-of-memory", "device-lost"].includes(error.code)) this.#watch.fail(error);
      throw error;
    }
  }
}
