/** The order in which people read the lines of a page: by columns where it has some, else row by row. */
import type { Rect } from "./raster.ts";

/** A place on the page as it is read, upright. */
interface Placed {
  at: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  middle: number;
  height: number;
}

/** In heights of a line: how wide a gap between columns is, and one between blocks. */
const COLUMN_GAP = 0.8;
const BLOCK_GAP = 1;
/** Columns have at least so many lines. */
const LEAST_LINES = 3;
/** In heights of a line: so far at least they stand beside each other. */
const BESIDE = 2;
/** In heights of a line: as long are lines of prose, at least. */
const PROSE = 8;
/** So many of all lines may lie across columns: titles. */
const ACROSS = 0.15;
/** Where more lines of one side have a neighbour at their height, it is a table, which is read row by row. */
const TABLE = 0.6;
/** What lies as high as another by this part of its height is in the same row. */
const SAME_ROW = 0.5;

/**
 * @param angle how the page lies
 * @returns the places of `rects`, row by row as they are read
 */
export function rowsOf(rects: readonly Rect[], angle: number): number[][] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const placed = rects.map((rect, at): Placed => {
    const x = rect.x * cos + rect.y * sin;
    const y = rect.y * cos - rect.x * sin;
    const tilt = rect.angle - angle;
    const [c, s] = [Math.abs(Math.cos(tilt)), Math.abs(Math.sin(tilt))];
    // A line that is a little askew is no higher for that.
    const slight = s < 0.3;
    const width = slight ? rect.width : rect.width * c + rect.height * s;
    const height = slight ? rect.height : rect.width * s + rect.height * c;
    return {
      at,
      left: x - width / 2,
      right: x + width / 2,
      top: y - height / 2,
      bottom: y + height / 2,
      middle: y,
      height,
    };
  });
  return ordered(placed).map((row) => row.map(({ at }) => at));
}

function ordered(placed: Placed[]): Placed[][] {
  if (placed.length < 2) return placed.length ? [placed] : [];
  const height = median(placed.map((each) => each.height));
  const columns = columnsOf(placed, height);
  if (columns) return columns.flatMap(ordered);
  const cut = blocksOf(placed, height);
  return cut ? cut.flatMap(ordered) : inRows(placed);
}

/** Left and right of the widest gap that columns leave, above, between and below what lies across it. */
function columnsOf(placed: Placed[], height: number): Placed[][] | undefined {
  if (placed.length < 2 * LEAST_LINES) return undefined;
  const edges = [...new Set(placed.flatMap(({ left, right }) => [left, right]))].sort((a, b) => a - b);
  let best: { across: Placed[]; left: Placed[]; right: Placed[]; width: number } | undefined;
  for (let each = 0; each + 1 < edges.length; each++) {
    const [from, to] = [edges[each] as number, edges[each + 1] as number];
    if (to - from < COLUMN_GAP * height) continue;
    const left = placed.filter(({ right }) => right <= from);
    const right = placed.filter((box) => box.left >= to);
    if (left.length < LEAST_LINES || right.length < LEAST_LINES) continue;
    const across = placed.filter((box) => box.right > from && box.left < to);
    if (across.length > ACROSS * placed.length) continue;
    if (!areColumns(left, right, height)) continue;
    const better =
      !best ||
      across.length < best.across.length ||
      (across.length === best.across.length && to - from > best.width);
    if (better) best = { across, left, right, width: to - from };
  }
  if (!best) return undefined;
  const { left, right } = best;
  const across = best.across.sort((a, b) => a.middle - b.middle);
  const parts: Placed[][] = [];
  let above = -Infinity;
  for (const wide of [...across, undefined]) {
    const below = wide?.middle ?? Infinity;
    const within = ({ middle }: Placed) => middle >= above && middle < below;
    parts.push(left.filter(within), right.filter(within), wide ? [wide] : []);
    above = below;
  }
  return parts.filter((part) => part.length > 0);
}

function areColumns(left: Placed[], right: Placed[], height: number): boolean {
  // Two blocks, one below the other, are no columns.
  const overlap = Math.min(low(left), low(right)) - Math.max(high(left), high(right));
  if (overlap < BESIDE * height) return false;
  if ([left, right].every((side) => median(side.map((each) => each.right - each.left)) >= PROSE * height))
    return true;
  const [few, many] = left.length < right.length ? [left, right] : [right, left];
  const aside = few.filter(({ middle }) =>
    many.some((other) => Math.abs(other.middle - middle) < SAME_ROW * height * 0.6),
  );
  return aside.length < TABLE * few.length;
}

const high = (placed: Placed[]): number => Math.min(...placed.map(({ top }) => top));
const low = (placed: Placed[]): number => Math.max(...placed.map(({ bottom }) => bottom));

/** Above and below the widest gap that goes through all. */
function blocksOf(placed: Placed[], height: number): Placed[][] | undefined {
  const sorted = [...placed].sort((a, b) => a.top - b.top);
  let end = -Infinity;
  let best = { gap: BLOCK_GAP * height, at: 0 };
  sorted.forEach(({ top, bottom }, at) => {
    if (at > 0 && top - end > best.gap) best = { gap: top - end, at };
    end = Math.max(end, bottom);
  });
  return best.at ? [sorted.slice(0, best.at), sorted.slice(best.at)] : undefined;
}

function inRows(placed: Placed[]): Placed[][] {
  const rows: Placed[][] = [];
  for (const box of [...placed].sort((a, b) => a.middle - b.middle)) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && isBeside(last, box)) row.push(box);
    else rows.push([box]);
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left);
  return rows;
}

const isBeside = (one: Placed, other: Placed): boolean =>
  Math.abs(one.middle - other.middle) < SAME_ROW * Math.min(one.height, other.height);

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
