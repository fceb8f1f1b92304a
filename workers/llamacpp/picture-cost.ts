/**
 * What the pictures of a request cost. llama.cpp tells it in its log only, and only of those it has to encode: one
 * that a KV cache still holds is silent. How many tokens a picture takes depends on its size alone, so a size
 * that was counted once is known from then on.
 */
import type { Usage } from "../engine/contract.ts";

/** Said when a picture (or a tile of it) is encoded, for each batch of its tokens; the first batch says i = 1. */
const BATCH = /^decoding image batch (\d+)\/\d+, n_tokens_batch = (\d+)/;

export class PictureCost {
  readonly #known = new Map<string, number>();
  #sizes: string[] = [];
  #since = 0;
  #encoded = 0;
  #encodeMs = 0;

  /** A request begins. @param sizes of its pictures, in order, e.g. "256x192" */
  begin(sizes: string[]): void {
    this.#sizes = sizes;
    this.#encoded = 0;
    this.#encodeMs = 0;
  }

  /** A step of llama.cpp begins: what is encoded in it is encoded from here on. */
  step(now = performance.now()): void {
    this.#since = now;
  }

  /** A line of llama.cpp's log. */
  line(text: string, now = performance.now()): void {
    const batch = BATCH.exec(text);
    if (!batch) {
      if (text.startsWith("image decoded")) this.#since = now;
      return;
    }
    if (batch[1] === "1") this.#encodeMs += now - this.#since;
    this.#since = now;
    this.#encoded += Number(batch[2]);
  }

  /** @param cached prompt tokens that were in the KV cache */
  usage(cached: number): Pick<Usage, "image_tokens" | "image_encode_ms"> {
    if (this.#sizes.length === 0) return {};
    this.#learn(cached);
    const counts = this.#sizes.map((size) => this.#known.get(size));
    const known = counts.every((count) => count !== undefined);
    return {
      image_tokens: known ? counts.reduce((sum, count) => sum + count, 0) : this.#encoded,
      image_encode_ms: Math.round(this.#encodeMs * 10) / 10,
    };
  }

  /** The tokens of a new size: what was encoded, less the pictures of known sizes that the cache did not hold. */
  #learn(cached: number): void {
    const fresh = new Set(this.#sizes.filter((size) => !this.#known.has(size)));
    const [size] = fresh;
    if (fresh.size !== 1 || size === undefined) return;
    let held = cached;
    let rest = this.#encoded;
    let leading = true;
    let count = 0;
    for (const each of this.#sizes) {
      const tokens = this.#known.get(each);
      leading &&= tokens !== undefined && tokens < held;
      if (tokens === undefined) count++;
      else if (leading) held -= tokens;
      else rest -= tokens;
    }
    if (rest > 0 && rest % count === 0) this.#known.set(size, rest / count);
  }
}
