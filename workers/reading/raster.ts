/** Parts of a picture, turned and scaled, as a network takes them. */
import type { Pixels } from "../engine/contract.ts";

/** RGBA, 8 bits a channel, row by row from the top. */
export type Raster = Pixels;

/** A rectangle of a picture, in its pixels; `angle` (radians) is that of its width, clockwise from the right. */
export interface Rect {
  /** Its middle. */
  x: number;
  y: number;
  width: number;
  height: number;
  angle: number;
}

/** What is taken off each channel, and what it is divided by, after it was made 0 to 1. */
interface Normal {
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
}

/** As pictures of the everyday are scaled that networks learn from. */
export const EVERYDAY: Normal = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
/** To -1 … 1. */
export const CENTRED: Normal = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** More looks at one pixel than this in a row show nothing that they did not. */
const MOST_LOOKS = 4;
/** Of our pixels, in the order in which the networks want them: blue, green, red. */
const CHANNELS = [2, 1, 0] as const;

/** Of numbers that were made {@link EVERYDAY}: a difference that nobody sees, 8 of 255. */
const LEAST_SEEN = 0.14;

/** Whether there is nothing to be seen in what was sampled: no network need look at it. */
export function isBlank(input: Float32Array): boolean {
  let [least, most] = [Infinity, -Infinity];
  const plane = input.length / 3;
  for (let at = 0; at < input.length; at++) {
    // Each channel by itself: colours differ.
    if (at % plane === 0) [least, most] = [Infinity, -Infinity];
    const value = input[at] as number;
    if (value < least) least = value;
    if (value > most) most = value;
    if (most - least > LEAST_SEEN) return false;
  }
  return true;
}

/**
 * What lies in `rect`, as `width` × `height` pixels, written to `out`: for each channel its rows, each
 * `stride` long. Where it is made smaller, each pixel is the mean of what it stands for: so small print keeps its
 * strokes. What lies outside of the picture is as its edge.
 */
export function sample(
  { data, width: across, height: down }: Raster,
  rect: Rect,
  { width, height }: { width: number; height: number },
  { mean, deviation }: Normal,
  out: Float32Array,
  { stride = width }: { stride?: number } = {},
): void {
  const plane = stride * height;
  const [cos, sin] = [Math.cos(rect.angle), Math.sin(rect.angle)];
  const [stepX, stepY] = [rect.width / width, rect.height / height];
  const looksX = Math.max(1, Math.min(MOST_LOOKS, Math.ceil(stepX - 0.01)));
  const looksY = Math.max(1, Math.min(MOST_LOOKS, Math.ceil(stepY - 0.01)));
  const looks = looksX * looksY;
  const [lastX, lastY] = [across - 1, down - 1];
  const sums = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      sums.fill(0);
      for (let look = 0; look < looks; look++) {
        const u = (column + ((look % looksX) + 0.5) / looksX) * stepX - rect.width / 2;
        const v = (row + (Math.floor(look / looksX) + 0.5) / looksY) * stepY - rect.height / 2;
        // The middle of the first pixel lies at a half.
        const x = Math.max(0, Math.min(lastX, rect.x + u * cos - v * sin - 0.5));
        const y = Math.max(0, Math.min(lastY, rect.y + u * sin + v * cos - 0.5));
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const [toRight, toBottom] = [x - left, y - top];
        const at = 4 * (top * across + left);
        const right = left < lastX ? 4 : 0;
        const below = top < lastY ? 4 * across : 0;
        for (let channel = 0; channel < 3; channel++) {
          const here = at + (CHANNELS[channel] as number);
          const upper = (data[here] as number) * (1 - toRight) + (data[here + right] as number) * toRight;
          const lower =
            (data[here + below] as number) * (1 - toRight) + (data[here + below + right] as number) * toRight;
          sums[channel] = (sums[channel] as number) + upper * (1 - toBottom) + lower * toBottom;
        }
      }
      for (let channel = 0; channel < 3; channel++) {
        const value = (sums[channel] as number) / looks / 255;
        out[channel * plane + row * stride + column] =
          (value - (mean[channel] as number)) / (deviation[channel] as number);
      }
    }
  }
}
