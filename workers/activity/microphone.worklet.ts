/**
 * The microphone, where the browser renders sound: all channels together, at the rate of speech models, in frames that
 * go past the page to whoever holds the other end of a port.
 */
import { Framer } from "./frame.ts";
import type { SoundFrame, ToWorklet } from "./protocol.ts";

/** What an AudioWorklet finds around itself (TypeScript's libraries do not describe it). */
declare const sampleRate: number;
declare const registerProcessor: (name: string, made: new () => AudioWorkletProcessor) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class Microphone extends AudioWorkletProcessor {
  #ended = false;
  readonly #taps = new Set<MessagePort>();
  readonly #framer = new Framer(sampleRate, ({ samples, level }) => {
    for (const tap of this.#taps) tap.postMessage({ samples, level } satisfies SoundFrame);
    this.port.postMessage(level);
  });

  constructor() {
    super();
    this.port.onmessage = ({ data, ports: [tap] }: MessageEvent<ToWorklet>) => {
      this.#ended ||= data.kind === "end";
      if (!tap) return;
      this.#taps.add(tap);
      tap.onmessage = () => this.#taps.delete(tap);
    };
  }

  process([input]: Float32Array[][]): boolean {
    const [first, ...others] = input ?? [];
    if (first) this.#framer.push(mixed(first, others));
    // The page may connect another microphone, until it says that it wants no more.
    return !this.#ended;
  }
}

function mixed(first: Float32Array, others: readonly Float32Array[]): Float32Array {
  if (others.length === 0) return first;
  return first.map(
    (sample, at) =>
      others.reduce((sum, channel) => sum + (channel[at] as number), sample) / (others.length + 1),
  );
}

registerProcessor("alcove-microphone", Microphone);
