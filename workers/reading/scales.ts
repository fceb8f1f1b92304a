/** At which size the detector looks at a picture, and in which tiles. */

export interface Size {
  width: number;
  height: number;
}

/** What the detector can look at: sides are multiples of this. */
const STEP = 32;
/** Points of a first look: a screen of 1920 × 1080 as it is. */
const FIRST = 2_100_000;
/** Points of the closest look at a large picture, and of one at a picture where the first found nothing. */
const MOST = 24_000_000;
const MOST_BLIND = 9_000_000;
/** Text of fewer points in height is worth a closer look, which makes it that high. */
const SMALL = 16;
const CLEAR = 24;
/** A closer look that is not at least this much closer shows nothing new. */
const LEAST_CLOSER = 1.25;
/** The longest side of a tile, and how much of it its neighbour sees too. */
const TILE = 1536;
const OVERLAP = 128;

const atScale = ({ width, height }: Size, scale: number): Size => ({
  width: stepped(width * scale),
  height: stepped(height * scale),
});

const stepped = (side: number): number => Math.max(1, Math.round(side / STEP)) * STEP;

const scaleFor = ({ width, height }: Size, most: number): number =>
  Math.min(1, Math.sqrt(most / (width * height)));

/** The size of the first look. */
export const firstLook = (picture: Size): Size => atScale(picture, scaleFor(picture, FIRST));

/**
 * The size of a closer look, where the first may have missed small print.
 * @param heights of the lines that it found, in points of that look
 */
export function closerLook(picture: Size, heights: readonly number[]): Size | undefined {
  const first = scaleFor(picture, FIRST);
  if (first === 1) return undefined;
  const sorted = [...heights].sort((one, other) => one - other);
  const small = sorted[Math.floor(sorted.length / 4)];
  const wanted =
    small === undefined ? scaleFor(picture, MOST_BLIND) : small < SMALL ? (first * CLEAR) / small : first;
  const scale = Math.min(wanted, scaleFor(picture, MOST));
  return scale >= first * LEAST_CLOSER ? atScale(picture, scale) : undefined;
}

interface Tile extends Size {
  x: number;
  y: number;
  /** What is taken of it, in points of the whole: the rest its neighbours see better. */
  keep: { left: number; top: number; right: number; bottom: number };
}

/** How a look of this size is cut. */
export function tilesOf({ width, height }: Size): Tile[] {
  const columns = cuts(width);
  return cuts(height).flatMap(({ from: y, to: bottom, keep: down }) =>
    columns.map(({ from: x, to: right, keep: across }) => ({
      x,
      y,
      width: right - x,
      height: bottom - y,
      keep: { left: across[0], right: across[1], top: down[0], bottom: down[1] },
    })),
  );
}

/** A side in stretches that overlap. */
function cuts(side: number): { from: number; to: number; keep: [number, number] }[] {
  const count = side <= TILE ? 1 : Math.ceil((side - OVERLAP) / (TILE - OVERLAP));
  const each = stepped(Math.ceil((side + (count - 1) * OVERLAP) / count / STEP) * STEP);
  const length = Math.min(side, each);
  const starts = Array.from({ length: count }, (_, at) =>
    count === 1 ? 0 : Math.round((at * (side - length)) / (count - 1)),
  );
  return starts.map((from, at) => {
    const before = starts[at - 1];
    const after = starts[at + 1];
    const left = before === undefined ? 0 : Math.floor((from + before + length) / 2);
    const right = after === undefined ? side : Math.floor((after + from + length) / 2);
    return { from, to: from + length, keep: [left, right] };
  });
}
