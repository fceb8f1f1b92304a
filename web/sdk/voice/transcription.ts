/** What somebody says, as words: begun while they pause, so that it is there when they turn out to be done. */
import { SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { toAlcoveError } from "../../../workers/wire/errors.ts";
import type { VoiceParts } from "./parts.ts";
import { complete } from "./words.ts";

interface TranscriptionCalls {
  /** What was said so far. */
  onText: (text: string) => void;
  /** Whether that is a whole sentence. */
  onComplete: (complete: boolean) => void;
}

interface Begun {
  words: Promise<string>;
  stop: AbortController;
}

/** Seconds; what is longer is not begun before its end, for each pause would begin all of it anew. */
const LONG_S = 20;

export class Transcription {
  readonly #transcribe: VoiceParts["transcribe"];
  readonly #calls: TranscriptionCalls;
  #begun: Begun | null = null;

  constructor({ transcribe }: Pick<VoiceParts, "transcribe">, calls: TranscriptionCalls) {
    this.#transcribe = transcribe;
    this.#calls = calls;
  }

  /** They pause. */
  begin(samples: Float32Array<ArrayBuffer>): void {
    this.abandon();
    if (samples.length > LONG_S * SPEECH_RATE) return;
    const { words, stop } = this.#start(samples);
    words
      .then((text) => {
        if (stop.signal.aborted) return;
        this.#calls.onText(text);
        this.#calls.onComplete(complete(text));
      })
      // Whoever waits for the end hears of it.
      .catch(() => undefined);
  }

  /** They go on, or nothing comes of it. */
  abandon(): void {
    this.#begun?.stop.abort();
    this.#begun = null;
  }

  /**
   * They are done: nothing came since the last pause.
   * @throws AlcoveError what transcribing fails with; `cancelled` once it is abandoned
   */
  async end(samples: Float32Array<ArrayBuffer>): Promise<string> {
    const { words } = this.#begun ?? this.#start(samples);
    return words;
  }

  #start(samples: Float32Array<ArrayBuffer>): Begun {
    const stop = new AbortController();
    this.#begun = { words: this.#words(samples, stop.signal), stop };
    return this.#begun;
  }

  /** A worker that died was replaced: it is asked once more. */
  async #words(samples: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<string> {
    // Each try may hand its samples over.
    const heard = () => ({ samples: samples.slice(), sampleRate: SPEECH_RATE });
    const ask = () => beforeAbort(this.#transcribe(heard(), signal), signal);
    return ask().catch((thrown) => {
      if (signal.aborted || toAlcoveError(thrown).code !== "engine-crashed") throw thrown;
      return ask();
    });
  }
}
