/** How long a download still takes, by the speed of its last seconds. */

const WINDOW_MS = 10_000;
/** Before this a speed says nothing. */
const LEAST_MS = 1_000;

export class Speed {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes` came so far, of `total`. Returns the seconds left; null while they are not known. */
  heard(bytes: number, total: number, now = performance.now()): number | null {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = []; // it began anew
    this.#samples.push({ at: now, bytes });
    this.#samples = this.#samples.filter(({ at }) => now - at <= WINDOW_MS);
    const first = this.#samples[0] as { at: number; bytes: number };
    const came = bytes - first.bytes;
    if (total <= 0 || came <= 0 || now - first.at < LEAST_MS) return null;
    return Math.max(0, ((total - bytes) * (now - first.at)) / came / 1000);
  }
}
