/** What stands in the picture: read when the person asks for it. */
import type { Alcove, Reading } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import type { Source } from "./source.ts";
import type { Still } from "./still.ts";

/** Emits `change` after every change. */
export class PictureReading extends EventTarget {
  /** Of the picture that is shown. */
  reading: (Reading & { ms: number }) | null = null;
  failure: Failure | null = null;
  readonly #alcove: Promise<Alcove>;
  readonly #source: Source;
  /** What was read, or is being read. */
  #of: Still | null = null;
  #stop: AbortController | null = null;

  constructor(alcove: Promise<Alcove>, source: Source) {
    super();
    this.#alcove = alcove;
    this.#source = source;
    source.addEventListener("change", () => this.#forget());
  }

  get busy(): boolean {
    return this.#stop !== null;
  }

  /** Reads the picture; a frame that moves is frozen first. */
  async read(): Promise<void> {
    if (this.#source.streams && !this.#source.frozen && !this.#source.freeze()) return;
    const { still } = this.#source;
    if (!still) return;
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    this.#of = still;
    this.reading = null;
    this.failure = null;
    this.#changed();
    const began = performance.now();
    try {
      const reading = await (await this.#alcove).read(still.whole, { signal: stop.signal });
      if (this.#stop === stop) this.reading = { ...reading, ms: performance.now() - began };
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (this.#stop === stop && failure.code !== "cancelled") this.failure = failure;
    } finally {
      if (this.#stop === stop) this.#stop = null;
      this.#changed();
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#changed();
  }

  /** Another picture is shown: what was read stood in the one before. */
  #forget(): void {
    if (this.#of === null || this.#source.still === this.#of) return;
    this.#of = null;
    this.reading = null;
    this.failure = null;
    this.stop();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
