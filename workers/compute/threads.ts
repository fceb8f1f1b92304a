/**
 * How many threads the engine gets at most. llama.cpp's threads meet at a spinning barrier after every small
 * operation, so on a busy machine two can be many times slower than one. The trial does just that, in plain
 * JavaScript: rounds of a matrix row's worth of work with a spinning barrier between them. When the machine becomes
 * busy later, our builds take fewer by themselves (engines/llamacpp/kernels/threads.cpp).
 */
import { BUILD } from "../build.ts";
import type { Usage } from "../engine/contract.ts";
import { type Directory, openDirectory, readJson, writeJson } from "../files/opfs.ts";
import { scriptUrl } from "../wire/trusted.ts";
import { trialWorker } from "./trial.ts";

const CANDIDATES = [1, 2, 3, 4, 6, 8];
/** More threads have to win by this much: each one is a core that the page does not have. */
const GAIN = 1.15;
const TRIAL_LIMIT_MS = 1_500;
const KEPT_FOR_MS = 7 * 24 * 3600_000;
/** One thread may only mean that the machine was busy just then: that is not worth remembering for days. */
const KEPT_SINGLE_MS = 10 * 60_000;
/** Decoding this many times slower than it was, over an answer this long, casts doubt on the choice. */
const SLOWDOWN = 4;
const LEAST_TOKENS = 16;

interface Choice {
  threads: number;
  at: number;
}

/** Milliseconds for the trial on `threads` threads; Infinity if it did not end in time. */
export type Trial = (threads: number) => Promise<number>;

/**
 * The smallest number of threads that no larger one clearly beats, never one that is slower than one thread.
 * @param cores candidates are not larger than this
 */
export async function fastest(cores: number, trial: Trial): Promise<number> {
  let best = { threads: 1, ms: await trial(1) };
  for (const threads of CANDIDATES) {
    if (threads === 1 || threads > cores) continue;
    const ms = await trial(threads);
    if (ms === Number.POSITIVE_INFINITY || ms * GAIN > best.ms) break;
    best = { threads, ms };
  }
  return best.threads;
}

export class Threads {
  readonly #choices = new Map<string, Choice>();
  #best = 0;
  #doubt = false;

  /** Threads for `model` on this machine: remembered, or tried now (well under a second). */
  async choose(model: string): Promise<number> {
    const cores = navigator.hardwareConcurrency || 1;
    if (!crossOriginIsolated || cores < 2) return 1;
    const key = `${BUILD.llamacppVersion} ${cores} ${model}`;
    const folder = await openDirectory("engine");
    const known = this.#choices.get(key) ?? (await remembered(folder))[key];
    const kept = known?.threads === 1 ? KEPT_SINGLE_MS : KEPT_FOR_MS;
    if (known && !this.#doubt && Date.now() - known.at < kept) return known.threads;
    const choice = { threads: await fastest(cores, runTrial), at: Date.now() };
    this.#choices.set(key, choice);
    this.#doubt = false;
    this.#best = 0;
    if (folder) {
      await writeJson(folder, "threads.json", { ...(await remembered(folder)), [key]: choice }).catch(
        () => undefined,
      );
    }
    return choice.threads;
  }

  /** Follows how fast answers come: a fall much below the best makes the next load try again. */
  heard({ completion_tokens, decode_tokens_per_second: speed }: Usage): void {
    if (completion_tokens < LEAST_TOKENS) return;
    this.#best = Math.max(this.#best, speed);
    if (speed * SLOWDOWN < this.#best) this.#doubt = true;
  }
}

const remembered = async (folder: Directory | undefined): Promise<Record<string, Choice>> =>
  (folder && (await readJson<Record<string, Choice>>(folder, "threads.json"))) || {};

/** Runs the trial in fresh workers and takes the best of its repetitions. */
async function runTrial(threads: number): Promise<number> {
  const shared = new SharedArrayBuffer(64);
  const url = URL.createObjectURL(new Blob([`(${trialWorker})()`], { type: "text/javascript" }));
  const workers = Array.from({ length: threads }, () => new Worker(scriptUrl(url)));
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<number>((resolve) => {
      timer = setTimeout(() => resolve(Number.POSITIVE_INFINITY), TRIAL_LIMIT_MS);
      workers.forEach((worker, index) => {
        worker.onmessage = ({ data }) => resolve(data as number);
        worker.onerror = () => resolve(Number.POSITIVE_INFINITY);
        worker.postMessage({ shared, threads, index });
      });
    });
  } finally {
    clearTimeout(timer);
    for (const worker of workers) worker.terminate();
    URL.revokeObjectURL(url);
  }
}
