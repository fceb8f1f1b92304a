/**
 * Silero's voice activity network (models/silero): how likely it is that somebody speaks in 32 ms of sound. It is so
 * small (0.7 million products a frame) that plain JavaScript computes it in a few milliseconds, so no runtime is
 * loaded for it.
 *
 * spectrum (a convolution) → four convolutions → LSTM → one output.
 */
import { AlcoveError } from "../wire/errors.ts";
import { FRAME } from "./frame.ts";

/** Samples of the frame before that the network sees again. */
const CONTEXT = 64;
/** What the end is mirrored by. */
const MIRRORED = 64;
const WINDOW = 256;
const HOP = 128;
const BINS = WINDOW / 2 + 1;
const STEPS = (CONTEXT + FRAME + MIRRORED - WINDOW) / HOP + 1;
const STATE = 128;

/** Kernels of three over time, padded by one on both sides, then what is below zero cut off. */
const LAYERS = [
  { inputs: BINS, outputs: 128, stride: 1 },
  { inputs: 128, outputs: 64, stride: 2 },
  { inputs: 64, outputs: 64, stride: 2 },
  { inputs: 64, outputs: STATE, stride: 1 },
] as const;
const KERNEL = 3;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** One stream of sound; streams share their weights. */
export class Silero {
  readonly #basis: Float32Array;
  readonly #layers: readonly { weight: Float32Array; bias: Float32Array }[];
  readonly #ofInput: Float32Array;
  readonly #ofState: Float32Array;
  readonly #bias: Float32Array;
  readonly #last: Float32Array;
  readonly #lastBias: number;
  readonly #heard = new Float32Array(CONTEXT + FRAME + MIRRORED);
  readonly #hidden = new Float32Array(STATE);
  readonly #cell = new Float32Array(STATE);

  /** @throws AlcoveError `model-invalid` for weights of another size */
  constructor(weights: ArrayBuffer) {
    let at = 0;
    const take = (size: number): Float32Array => {
      if ((at + size) * 4 > weights.byteLength) throw damaged();
      at += size;
      return new Float32Array(weights, (at - size) * 4, size);
    };
    this.#basis = take(2 * BINS * WINDOW);
    this.#layers = LAYERS.map(({ inputs, outputs }) => ({
      weight: tapsFirst(take(outputs * inputs * KERNEL), inputs),
      bias: take(outputs),
    }));
    this.#ofInput = take(4 * STATE * STATE);
    this.#ofState = take(4 * STATE * STATE);
    const [ofInput, ofState] = [take(4 * STATE), take(4 * STATE)];
    this.#bias = ofInput.map((value, index) => value + (ofState[index] as number));
    this.#last = take(STATE);
    this.#lastBias = take(1)[0] as number;
    if (at * 4 !== weights.byteLength) throw damaged();
  }

  /** Forgets what it heard. */
  reset(): void {
    for (const memory of [this.#heard, this.#hidden, this.#cell]) memory.fill(0);
  }

  /** How likely it is, from 0 to 1, that somebody speaks in `frame`: {@link FRAME} samples that follow the last ones. */
  probability(frame: Float32Array): number {
    const heard = this.#heard;
    heard.copyWithin(0, FRAME, FRAME + CONTEXT);
    heard.set(frame, CONTEXT);
    const end = CONTEXT + FRAME;
    for (let i = 0; i < MIRRORED; i++) heard[end + i] = heard[end - 2 - i] as number;
    let steps = this.#spectrum();
    for (const [index, { weight, bias }] of this.#layers.entries()) {
      const layer = LAYERS[index] as (typeof LAYERS)[number];
      steps = convolve(steps, weight, bias, layer.inputs, layer.stride);
    }
    // Of one step by now.
    this.#remember(steps);
    let sum = this.#lastBias;
    for (let i = 0; i < STATE; i++) sum += Math.max(0, this.#hidden[i] as number) * (this.#last[i] as number);
    return sigmoid(sum);
  }

  /** Magnitudes, step by step: `[step][bin]`. */
  #spectrum(): Float32Array {
    const found = new Float32Array(STEPS * BINS);
    for (let step = 0; step < STEPS; step++) {
      for (let bin = 0; bin < BINS; bin++) {
        const real = dot(this.#basis, bin * WINDOW, this.#heard, step * HOP, WINDOW);
        const imaginary = dot(this.#basis, (BINS + bin) * WINDOW, this.#heard, step * HOP, WINDOW);
        found[step * BINS + bin] = Math.hypot(real, imaginary);
      }
    }
    return found;
  }

  /** One step of the LSTM; its gates lie in PyTorch's order: input, forget, cell, output. */
  #remember(input: Float32Array): void {
    const gates = new Float32Array(4 * STATE);
    for (let i = 0; i < gates.length; i++) {
      gates[i] =
        (this.#bias[i] as number) +
        dot(this.#ofInput, i * STATE, input, 0, STATE) +
        dot(this.#ofState, i * STATE, this.#hidden, 0, STATE);
    }
    const gate = (kind: number, i: number) => gates[kind * STATE + i] as number;
    for (let i = 0; i < STATE; i++) {
      const kept = sigmoid(gate(1, i)) * (this.#cell[i] as number);
      const cell = kept + sigmoid(gate(0, i)) * Math.tanh(gate(2, i));
      this.#cell[i] = cell;
      this.#hidden[i] = sigmoid(gate(3, i)) * Math.tanh(cell);
    }
  }
}

/** `[step][input]` → `[step][output]`; `weight` is `[output][tap][input]`. */
function convolve(
  steps: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  inputs: number,
  stride: number,
): Float32Array {
  const count = steps.length / inputs;
  const outputs = bias.length;
  const made = new Float32Array(Math.ceil(count / stride) * outputs);
  for (let to = 0; to * outputs < made.length; to++) {
    // The taps that fall on steps lie one after the other, in the weights as in what they are multiplied with.
    const first = Math.max(0, to * stride - 1);
    const skipped = first - (to * stride - 1);
    const taken = Math.min(count, to * stride + 2) - first;
    for (let output = 0; output < outputs; output++) {
      const row = (output * KERNEL + skipped) * inputs;
      const sum = (bias[output] as number) + dot(weight, row, steps, first * inputs, taken * inputs);
      made[to * outputs + output] = Math.max(0, sum);
    }
  }
  return made;
}

/** PyTorch's `[output][input][tap]` → `[output][tap][input]`, whose products lie side by side. */
function tapsFirst(weight: Float32Array, inputs: number): Float32Array {
  const size = inputs * KERNEL;
  return weight.map((_, at) => {
    const within = at % size;
    return weight[at - within + (within % inputs) * KERNEL + Math.floor(within / inputs)] as number;
  });
}

/** Four sums at a time: a single one would wait for each of its own additions. */
function dot(a: Float32Array, fromA: number, b: Float32Array, fromB: number, count: number): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const x = fromA + i;
    const y = fromB + i;
    one += (a[x] as number) * (b[y] as number);
    two += (a[x + 1] as number) * (b[y + 1] as number);
    three += (a[x + 2] as number) * (b[y + 2] as number);
    four += (a[x + 3] as number) * (b[y + 3] as number);
  }
  for (; i < count; i++) one += (a[fromA + i] as number) * (b[fromB + i] as number);
  return one + two + three + four;
}

const damaged = (): AlcoveError =>
  new AlcoveError("model-invalid", "The file that tells speech from silence is damaged.", {
    action: "Load the page again.",
  });
