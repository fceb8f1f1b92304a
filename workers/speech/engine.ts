/** The engine that hears: one model, one queue. An instance that died is replaced by the next request. */
import type { SpeechProgramName } from "../build.ts";
import type { Threads } from "../compute/threads.ts";
import type { LoadProgress } from "../engine/contract.ts";
import type { ModelFileStore } from "../files/file-store.ts";
import { AlcoveError } from "../wire/errors.ts";
import { Queue } from "../wire/queue.ts";
import { SpeechInstance } from "./instance.ts";
import { programFiles, programs } from "./program.ts";
import { FRAME, type HearArgs, type Heard, type LoadedEars, type SpeechModel } from "./protocol.ts";

type Tell = (progress: LoadProgress) => void;

interface Wanted {
  model: SpeechModel;
  /** Absolute URL of the root of the built site. */
  base: string;
}

export class SpeechEngine {
  readonly #files: ModelFileStore<SpeechModel>;
  readonly #threads: Threads;
  readonly #queue = new Queue();
  /** Builds that computed wrongly here. */
  readonly #wrong = new Set<SpeechProgramName>();
  #wanted: Wanted | undefined;
  /** All that was ever loaded: another tab may have put another model in its place. */
  readonly #known = new Map<string, Wanted>();
  #open: { instance: SpeechInstance; loaded: LoadedEars } | undefined;

  constructor(files: ModelFileStore<SpeechModel>, threads: Threads) {
    this.#files = files;
    this.#threads = threads;
  }

  describe(): { model: LoadedEars | null; busy: boolean } {
    return { model: this.#held?.loaded ?? null, busy: this.#queue.busy };
  }

  /**
   * Loads `model`, downloading it first where needed, after what was asked before has ended.
   * @throws AlcoveError download-failed, integrity, quota, model-invalid, out-of-memory, engine-crashed, cancelled
   */
  async load(model: SpeechModel, base: string, tell: Tell, signal: AbortSignal): Promise<LoadedEars> {
    if (!this.#holds(model)) await this.#files.download(model, base, tell, signal);
    return this.#queue.run(async () => {
      if (!this.#holds(model)) await this.#start({ model, base }, tell, signal);
      return (this.#open as { loaded: LoadedEars }).loaded;
    }, signal);
  }

  hear(args: HearArgs, signal: AbortSignal): Promise<Heard> {
    checkSamples(args.samples);
    return this.#queue.run(async () => (await this.#ready(signal, args.model)).hear(args, signal), signal);
  }

  activity(samples: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    checkSamples(samples);
    return this.#queue.run(async () => (await this.#ready(signal)).activity(samples, signal), signal);
  }

  /** Forgets the model, after what was asked before has ended. */
  unload(): Promise<void> {
    return this.#queue.run(async () => {
      this.#wanted = undefined;
      this.#known.clear();
      this.#drop();
    });
  }

  get #held() {
    return this.#open?.instance.dead ? undefined : this.#open;
  }

  #holds(model: SpeechModel): boolean {
    return this.#held?.loaded.id === model.id && this.#wanted?.model.files[0].url === model.files[0].url;
  }

  /** @param id whose model; left out, whichever there is: each brings the voice activity */
  async #ready(signal: AbortSignal, id = this.#wanted?.model.id): Promise<SpeechInstance> {
    if (this.#held && this.#held.loaded.id === id) return this.#held.instance;
    const wanted = id === undefined ? undefined : this.#known.get(id);
    if (!wanted) throw new AlcoveError("model-not-found", "This model that hears is not loaded.");
    return this.#start(wanted, () => undefined, signal);
  }

  /** Starts the best build that computes rightly on this machine, in place of what ran before. */
  async #start(wanted: Wanted, tell: Tell, signal: AbortSignal): Promise<SpeechInstance> {
    this.#drop();
    const { model, base } = wanted;
    const began = performance.now();
    const files: Blob[] = [];
    for (const file of model.files)
      files.push(await this.#files.get(file, base, tell, signal, { model: model.id }));
    tell({ stage: "calibrating", bytes: 0, total: 0 });
    const most = await this.#threads.choose(model.id);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    for (const name of programs().filter((each) => !this.#wrong.has(each))) {
      const { worker: script, wasm } = programFiles(name, base);
      const threads = name === "single" ? 1 : most;
      const report = (bytes: number) => tell({ stage: "loading", bytes, total });
      const instance = await SpeechInstance.start({ script, wasm, threads, files }, report, signal);
      if (instance) {
        const loadMs = Math.round(performance.now() - began);
        this.#open = { instance, loaded: { id: model.id, threads, program: name, loadMs } };
        this.#wanted = wanted;
        this.#known.set(model.id, wanted);
        return instance;
      }
      this.#wrong.add(name);
    }
    throw new AlcoveError("unsupported", "No build of the speech engine runs in this browser.", {
      action: "Use a newer browser.",
    });
  }

  #drop(): void {
    this.#open?.instance.close(new AlcoveError("cancelled", "The model was unloaded."));
    this.#open = undefined;
  }
}

/** @throws AlcoveError `bad-request` for what is no audio that can be heard */
function checkSamples(samples: unknown): asserts samples is Float32Array {
  if (samples instanceof Float32Array && samples.length >= FRAME) return;
  throw new AlcoveError("bad-request", "There is no audio here, or less than a moment of it.", {
    action: `Give a Float32Array of at least ${FRAME} samples, 16,000 a second.`,
  });
}
