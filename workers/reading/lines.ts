/** Regions of text to the rectangles of lines, upright or however the page lies. */
import { type Point, QUARTER, rectAt, smallestRect, turned } from "./hull.ts";
import type { Rect } from "./raster.ts";

/** A region shows how its text lies when it is so many times as long as high. */
const LONG = 2;
/** Its own angle counts, beside that of the page, when it is so much longer, and lies otherwise by so much. */
const SURE = 4;
const LEAST_TILT = Math.PI / 120;
/** A single letter may be so many times as high as wide; beyond that its text stands on its side. */
const STANDS = 2.5;
/** The detector marks the middle of a line: its letters reach this much further, of its area to its outline. */
const GROWN = 1.5;

export interface PageLines {
  lines: { rect: Rect; stands: boolean }[];
  /** How the page lies, as far as its lines tell: not which way is up. */
  angle: number;
}

/** @param hulls in pixels of the picture */
export function linesOf(hulls: readonly (readonly Point[])[]): PageLines {
  const rects = hulls.map(smallestRect);
  const lying = rects.filter(({ width, height }) => width >= LONG * height);
  const standing = rects.filter(({ width, height }) => height >= LONG * width);
  const quarters = total(standing, "height") > total(lying, "width") ? 1 : 0;
  const skew = quarters ? middle(standing, "height") : middle(lying, "width");
  const lines = hulls.map((hull, at) => {
    const own = rects[at] as Rect;
    const [long, short] = [Math.max(own.width, own.height), Math.min(own.width, own.height)];
    const tilted = long >= SURE * short && Math.abs(own.angle - skew) > LEAST_TILT;
    const rect = turned(grown(tilted ? own : rectAt(hull, skew)), quarters);
    const stands = rect.height >= STANDS * rect.width;
    return { rect: stands ? turned(rect, 1) : rect, stands };
  });
  return { lines, angle: skew + quarters * QUARTER };
}

const total = (rects: readonly Rect[], side: "width" | "height"): number =>
  rects.reduce((sum, rect) => sum + rect[side], 0);

/** The angle that lies in the middle of all, each counting as long as its text is. */
function middle(rects: readonly Rect[], side: "width" | "height"): number {
  const sorted = [...rects].sort((one, other) => one.angle - other.angle);
  let left = total(sorted, side) / 2;
  for (const rect of sorted) {
    left -= rect[side];
    if (left <= 0) return rect.angle;
  }
  return 0;
}

function grown(rect: Rect): Rect {
  const { width, height } = rect;
  const by = (GROWN * width * height) / (2 * (width + height));
  return { ...rect, width: width + 2 * by, height: height + 2 * by };
}
