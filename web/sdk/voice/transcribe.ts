/** Speech → text: audio is cut at its pauses, and each piece heard by the engine in its own worker. */

import { joined } from "../../../workers/sound/joined.ts";
import type { SpeechClient } from "../../../workers/speech/client.ts";
import { FRAME, type HeardPart, SAMPLE_RATE, type SpeechModel } from "../../../workers/speech/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { type Audio, empty, type Listened, listen } from "./audio.ts";
import { type Piece, Pieces } from "./pieces.ts";

export interface TranscribeOptions {
  /** A model of `alcove.ears.list()`; left out, the one in use, else the first of this site. */
  model?: string;
  /** The code of the language ("en"); left out, a model of many finds it out. */
  language?: string;
  /** English, whatever is spoken, where the model can. */
  translate?: boolean;
  /** Ends it with `cancelled`. */
  signal?: AbortSignal;
  /** All that was heard so far. Of a stream, the end of it may still change. */
  onText?: (text: string) => void;
  /** How many seconds of the audio were heard; `total` where its length is known. */
  onProgress?: (progress: { seconds: number; total?: number }) => void;
}

/** What is said in a part of the audio, in seconds from its start. */
export type Segment = HeardPart;

export interface Transcript {
  text: string;
  segments: Segment[];
  /** Empty where the model gives no times of words. */
  words: HeardPart[];
  /** The code of the language that was heard; "" where nothing was. */
  language: string;
  /** How long the audio is. */
  seconds: number;
  model: string;
  /** Milliseconds that hearing took, without loading the model. */
  ms: number;
}

/** What the voice activity looks at together: of a file, and of a stream, where somebody waits for words. */
const FILE_BLOCK = 640 * FRAME;
const LIVE_BLOCK = 16 * FRAME;
/** Its memory starts anew with each look, so that each begins this long before what is new. */
const LEAD = 32 * FRAME;
/** An unfinished piece is heard again when this many times as long has passed as hearing it took. */
const PATIENCE = 2;

/** @throws AlcoveError see `Alcove.transcribe` */
export async function transcribe(
  audio: Audio,
  options: TranscribeOptions,
  spec: SpeechModel,
  ears: () => Promise<SpeechClient>,
): Promise<Transcript> {
  checkLanguage(spec, options);
  const { signal } = options;
  const listened = await (signal ? beforeAbort(listen(audio), signal) : listen(audio));
  await ears();
  try {
    return await new Transcription(options, spec, ears, listened).run();
  } catch (thrown) {
    throw toAlcoveError(thrown);
  }
}

class Transcription {
  readonly #options: TranscribeOptions;
  readonly #spec: SpeechModel;
  readonly #ears: () => Promise<SpeechClient>;
  readonly #listened: Listened;
  readonly #pieces: Pieces;
  readonly #segments: Segment[] = [];
  readonly #words: HeardPart[] = [];
  /** The end of what the voice activity saw. */
  #lead: Float32Array = new Float32Array(0);
  #seen = 0;
  #language = "";
  #ms = 0;
  /** When an unfinished piece may be heard next. */
  #again = 0;
  #told = "";

  constructor(
    options: TranscribeOptions,
    spec: SpeechModel,
    ears: () => Promise<SpeechClient>,
    listened: Listened,
  ) {
    this.#options = options;
    this.#spec = spec;
    this.#ears = ears;
    this.#listened = listened;
    this.#pieces = new Pieces(spec.pieceSeconds, listened.live);
  }

  async run(): Promise<Transcript> {
    const most = this.#listened.live ? LIVE_BLOCK : FILE_BLOCK;
    let waiting: Float32Array[] = [];
    let count = 0;
    for await (const samples of untilAborted(this.#listened.pieces, this.#options.signal)) {
      waiting.push(samples);
      count += samples.length;
      if (count < most) continue;
      const all = joined(waiting);
      const whole = all.length - (all.length % FRAME);
      for (let at = 0; at < whole; at += FILE_BLOCK)
        await this.#take(all.subarray(at, Math.min(whole, at + FILE_BLOCK)));
      waiting = [all.slice(whole)];
      count = all.length - whole;
      if (this.#listened.live) await this.#peek();
    }
    if (this.#seen + count === 0) throw empty();
    const rest = joined(waiting);
    for (let at = 0; at < rest.length; at += FILE_BLOCK) await this.#take(rest.subarray(at, at + FILE_BLOCK));
    for (const piece of this.#pieces.flush()) await this.#hear(piece);
    this.#tell();
    return {
      text: this.#text,
      segments: this.#segments,
      words: this.#words,
      language: this.#language,
      seconds: this.#seen / SAMPLE_RATE,
      model: this.#spec.id,
      ms: Math.round(this.#ms),
    };
  }

  get #text(): string {
    return this.#segments.map(({ text }) => text).join(" ");
  }

  async #take(samples: Float32Array): Promise<void> {
    const look = joined([this.#lead, samples]);
    const before = this.#lead.length / FRAME;
    const activity = await this.#timed((client) =>
      client.activity(atLeastAFrame(look).slice(), this.#options.signal),
    );
    const frames = Math.ceil(samples.length / FRAME);
    this.#lead = look.slice(-LEAD);
    this.#lead = this.#lead.slice(this.#lead.length % FRAME);
    const found = this.#pieces.push(samples, activity.slice(before, before + frames));
    this.#seen += samples.length;
    for (const piece of found) await this.#hear(piece);
    this.#tell();
  }

  async #hear(piece: Piece): Promise<void> {
    const heard = await this.#ask(piece);
    this.#language ||= heard.language || (this.#options.language ?? this.#onlyLanguage);
    const moved = (parts: HeardPart[]): HeardPart[] =>
      parts.map(({ text, start, end }) => ({
        text: text.trim(),
        start: piece.from + start,
        end: piece.from + end,
      }));
    const timed = heard.segments.some(({ end }) => end > 0);
    const segments = timed
      ? moved(heard.segments)
      : [{ text: heard.text.trim(), start: piece.start, end: piece.end }];
    this.#segments.push(...segments.filter(({ text }) => text !== ""));
    this.#words.push(...moved(heard.words));
    this.#say(this.#text);
  }

  /** Tells what there is of a piece that goes on, as often as this machine can. */
  async #peek(): Promise<void> {
    const piece =
      this.#options.onText && performance.now() >= this.#again ? this.#pieces.unfinished : undefined;
    if (!piece) return;
    const began = performance.now();
    const { text } = await this.#ask(piece);
    this.#again = performance.now() + PATIENCE * (performance.now() - began);
    this.#say([this.#text, text.trim()].filter((each) => each !== "").join(" "));
  }

  #ask(piece: Piece) {
    const { language, translate, signal } = this.#options;
    const args = { model: this.#spec.id, language: language ?? this.#onlyLanguage, translate };
    // They move to the worker, and may have to be given again.
    return this.#timed((client) => client.hear({ ...args, samples: piece.samples.slice() }, signal));
  }

  /** Undefined where the model is to find it out. */
  get #onlyLanguage(): string {
    return this.#spec.languages.length === 1 ? (this.#spec.languages[0] as string) : "";
  }

  /** Asks the engine; one that dies is asked once more when it is there again. */
  async #timed<T>(ask: (client: SpeechClient) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => {
      const client = await this.#ears();
      const began = performance.now();
      const result = await ask(client);
      this.#ms += performance.now() - began;
      return result;
    };
    return attempt().catch((thrown) => {
      if ((thrown as AlcoveError).code !== "engine-crashed") throw thrown;
      return attempt();
    });
  }

  #say(text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    this.#options.onText?.(text);
  }

  #tell(): void {
    const { seconds: total } = this.#listened;
    const seconds = Math.min(this.#seen / SAMPLE_RATE, total ?? Number.POSITIVE_INFINITY);
    this.#options.onProgress?.({ seconds, ...(total === undefined ? {} : { total }) });
  }
}

/** A stop ends it even while nothing comes: a microphone that was switched off, say. @throws AlcoveError `cancelled` */
async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (!signal) return yield* items;
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await beforeAbort(iterator.next(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    // It may hear of it only with what comes next.
    void iterator.return?.()?.catch(() => undefined);
  }
}

const atLeastAFrame = (samples: Float32Array): Float32Array =>
  samples.length >= FRAME ? samples : joined([samples, new Float32Array(FRAME - samples.length)]);

/** @throws AlcoveError `unsupported` */
function checkLanguage(spec: SpeechModel, { language, translate }: TranscribeOptions): void {
  if (language !== undefined && !spec.languages.includes(language)) {
    throw new AlcoveError("unsupported", `${spec.name} does not hear "${language}".`, {
      action: `Choose another model, or one of: ${spec.languages.join(", ")}.`,
    });
  }
  if (translate && !spec.translates) {
    throw new AlcoveError("unsupported", `${spec.name} cannot translate.`, {
      action: "Choose a Whisper model of many languages.",
    });
  }
}
