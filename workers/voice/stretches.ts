/** In which stretches the frames of a sentence become sound: a short one first, so that it can be heard early. */

/** Frames on either side that decide how one sounds: the reach of the generator's convolutions. */
const CONTEXT = 12;
/**
 * The shortest stretch that is computed, with what stands beside it. ONNX Runtime sums a product of matrices in another
 * order where one is narrower than this: the same sound, but not bit for bit.
 */
const LEAST = 65;
/** How many frames a stretch gives after the first; the longer, the less is computed twice. */
const NEXT = 96;
/** Fewer are not worth a stretch of their own: they come with the one before. */
const WORTH = 40;

interface Stretch {
  /** Computed: frames from, to. */
  from: number;
  to: number;
  /** Given: frames from, to. */
  start: number;
  end: number;
}

/** The stretches that make `frames` frames, in their order. */
export function stretchesOf(frames: number): Stretch[] {
  const found: Stretch[] = [];
  for (let start = 0; start < frames; ) {
    let end = Math.min(frames, start + (start === 0 ? LEAST - CONTEXT : NEXT));
    if (frames - end < WORTH) end = frames;
    const from = Math.max(0, Math.min(start - CONTEXT, frames - LEAST));
    const to = Math.min(frames, Math.max(end + CONTEXT, from + LEAST));
    found.push({ from, to, start, end });
    start = end;
  }
  return found;
}
