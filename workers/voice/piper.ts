/** A Piper voice that is open: phonemes in, sound out, in stretches. */
import { type InferenceSession, onnxFailure, openSession, Tensor } from "../onnx/runtime.ts";
import { AlcoveError } from "../wire/errors.ts";
import { nextTask } from "../wire/stream.ts";
import { cutGraph } from "./graph.ts";
import { type PiperSettings, symbolIds } from "./settings.ts";
import { stretchesOf } from "./stretches.ts";

/** Names of a voice's inputs. */
const [INPUT, LENGTHS, SCALES, SPEAKER] = ["input", "input_lengths", "scales", "sid"];

export class PiperVoice {
  readonly settings: PiperSettings;
  readonly #reader: InferenceSession;
  /** Missing where the graph could not be cut: then the first makes the sound too. */
  readonly #speaker: InferenceSession | undefined;

  private constructor(
    settings: PiperSettings,
    reader: InferenceSession,
    speaker: InferenceSession | undefined,
  ) {
    this.settings = settings;
    this.#reader = reader;
    this.#speaker = speaker;
  }

  /**
   * @param graph the bytes of its ONNX file
   * @param base absolute URL of the root of the built site
   * @throws AlcoveError `model-invalid`, `out-of-memory`, `download-failed`
   */
  static async open(graph: Uint8Array, settings: PiperSettings, base: string): Promise<PiperVoice> {
    const cut = cutGraph(graph);
    const reader = await openSession(cut?.reader ?? graph, base);
    const asked = reader.inputNames;
    if (![INPUT, LENGTHS, SCALES].every((name) => asked.includes(name as string))) {
      await reader.release();
      throw new AlcoveError("model-invalid", "This is no Piper voice: it takes other inputs.");
    }
    return new PiperVoice(settings, reader, cut && (await openSession(cut.speaker, base)));
  }

  /**
   * Speaks symbols of Piper's alphabet.
   * @param rate 1 as the voice speaks by itself, 2 twice as fast
   * @returns samples from -1 to 1 at `settings.sampleRate`, in stretches of about a second, the first one shorter
   * @throws AlcoveError `cancelled` between two stretches, and what a session fails with
   */
  async *speak(
    phonemes: string,
    rate: number,
    signal: AbortSignal,
  ): AsyncGenerator<Float32Array<ArrayBuffer>, void> {
    const stopped = async () => {
      await nextTask(); // a stop has to be heard: a session leaves no room for it
      if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    };
    await stopped();
    const [frames] = Object.values(await run(this.#reader, this.#read(phonemes, rate)));
    const speaker = this.#speaker;
    if (!speaker) {
      await stopped();
      return yield samplesOf(frames);
    }
    const [, channels = 0, length = 0] = frames?.dims ?? [];
    const values = frames?.data as Float32Array;
    for (const { from, to, start, end } of stretchesOf(length)) {
      await stopped();
      const stretch = new Float32Array(channels * (to - from));
      for (let channel = 0; channel < channels; channel++) {
        const row = channel * length;
        stretch.set(values.subarray(row + from, row + to), channel * (to - from));
      }
      const [name = ""] = speaker.inputNames.filter((each) => each !== SPEAKER);
      const [sound] = Object.values(
        await run(speaker, {
          ...this.#chosenSpeaker(speaker),
          [name]: new Tensor("float32", stretch, [1, channels, to - from]),
        }),
      );
      const samples = samplesOf(sound);
      const each = samples.length / (to - from);
      yield samples.slice((start - from) * each, (end - from) * each);
    }
  }

  async release(): Promise<void> {
    await Promise.all([this.#reader.release(), this.#speaker?.release()]);
  }

  #read(phonemes: string, rate: number): InferenceSession.FeedsType {
    const { noise, noiseWidth, length } = this.settings;
    const ids = symbolIds(phonemes, this.settings);
    return {
      [INPUT as string]: new Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]),
      [LENGTHS as string]: new Tensor("int64", BigInt64Array.of(BigInt(ids.length)), [1]),
      [SCALES as string]: new Tensor("float32", [noise, length / rate, noiseWidth], [3]),
      ...this.#chosenSpeaker(this.#reader),
    };
  }

  /** The first of several speakers. */
  #chosenSpeaker({ inputNames }: InferenceSession): InferenceSession.FeedsType {
    if (!inputNames.includes(SPEAKER as string)) return {};
    return { [SPEAKER as string]: new Tensor("int64", BigInt64Array.of(0n), [1]) };
  }
}

async function run(
  session: InferenceSession,
  feeds: InferenceSession.FeedsType,
): Promise<Record<string, Tensor>> {
  try {
    return await session.run(feeds);
  } catch (thrown) {
    throw onnxFailure(thrown);
  }
}

const samplesOf = (sound: Tensor | undefined): Float32Array<ArrayBuffer> =>
  (sound?.data ?? new Float32Array()) as Float32Array<ArrayBuffer>;
