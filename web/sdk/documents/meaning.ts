/** Vectors of passages and of queries: made by an embedding model of this device, in the background. */
import type { SearchArgs } from "../../../workers/documents/protocol.ts";
import { ifFree } from "../../../workers/files/locks.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Ask } from "./ask.ts";

/** It comes with the site; without it documents are found by their words. */
const EMBEDDER = "all-minilm-l6-v2";

export type Embed = (
  texts: string[],
  options: { model: string; signal: AbortSignal },
) => Promise<Float32Array[]>;

const LOCK = "documents-meaning";
/** So many passages are understood at once: a second or two of work, after which an answer may begin. */
const BATCH = 8;
const LOOK_AGAIN_MS = 500;
/** A search waits no longer for its query to be understood: the model may just be loading. */
const QUERY_MS = 5_000;

export class Meaning {
  readonly #ask: Ask;
  readonly #embed: Embed;
  readonly #busy: () => boolean;
  readonly #tell: () => void;
  readonly #closing: AbortSignal;
  #working = false;
  #again = false;
  /** Whether there is anything that a query's vector can be compared with. */
  #some = false;

  constructor(ask: Ask, embed: Embed, busy: () => boolean, tell: () => void, closing: AbortSignal) {
    this.#ask = ask;
    this.#embed = embed;
    this.#busy = busy;
    this.#tell = tell;
    this.#closing = closing;
  }

  /** Sees to it that all passages get their vectors; another tab may do so already. */
  goOn(): void {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    const work = async () => {
      while (this.#again) {
        this.#again = false;
        await ifFree(LOCK, () => this.#all());
      }
    };
    void work()
      .catch(() => undefined)
      .finally(() => {
        this.#working = false;
      });
  }

  /** A query's vector; undefined where there is nothing to compare it with, or no model that makes one in time. */
  async of(query: string, signal?: AbortSignal): Promise<SearchArgs["vector"]> {
    this.#some ||= (await this.#ask("list", {})).some(({ understood }) => understood > 0);
    if (!this.#some || query.trim() === "") return undefined;
    const stop = AbortSignal.any([AbortSignal.timeout(QUERY_MS), this.#closing, ...(signal ? [signal] : [])]);
    const found = await this.#embed([query], { model: EMBEDDER, signal: stop }).catch(() => undefined);
    const values = found?.[0];
    return values && { model: EMBEDDER, values: unit(values) };
  }

  /** A text that the model cannot take whole (figures, rare letters) stands for itself with its first half. */
  async #vectors(texts: string[]): Promise<Float32Array[]> {
    try {
      return await this.#embed(texts, { model: EMBEDDER, signal: this.#closing });
    } catch (thrown) {
      if (!(thrown instanceof AlcoveError) || thrown.code !== "context-overflow") throw thrown;
      const [text = ""] = texts;
      if (texts.length === 1) return this.#vectors([text.slice(0, text.length / 2)]);
      return [...(await this.#vectors([text])), ...(await this.#vectors(texts.slice(1)))];
    }
  }

  async #all(): Promise<void> {
    for (;;) {
      while (this.#busy()) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      if (this.#closing.aborted) return;
      const passages = await this.#ask("passages", { model: EMBEDDER, most: BATCH });
      if (passages.length === 0) return;
      const made = await this.#vectors(passages.map(({ text }) => text));
      const vectors = passages.map(({ key }, at) => ({ key, vector: unit(made[at] as Float32Array) }));
      await this.#ask("vectors", { model: EMBEDDER, vectors });
      this.#some = true;
      this.#tell();
    }
  }
}

/** With the length 1, as the index wants it; one without a direction stays as it is. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
