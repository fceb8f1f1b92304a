/** Which lines the recognizer looks at together: those of about one width, so that little of it is padding. */

/** Pixels across all lines of a batch: what it says of each step is long. */
const MOST_WIDTH = 2560;
/** A line shorter than this part of the longest one waits for the next batch. */
const LEAST_SHARE = 0.8;

/** @returns the places in `widths` of each batch, the widest first */
export function batchesOf(widths: readonly number[]): number[][] {
  const width = (at: number): number => widths[at] as number;
  const order = widths.map((_, at) => at).sort((one, other) => width(other) - width(one));
  const batches: number[][] = [];
  for (const at of order) {
    const batch = batches.at(-1);
    const widest = batch ? width(batch[0] as number) : 0;
    const fits = batch && widest * (batch.length + 1) <= MOST_WIDTH && width(at) >= widest * LEAST_SHARE;
    if (fits) batch.push(at);
    else batches.push([at]);
  }
  return batches;
}
