/** The rectangle that text fills, of the points where it was found. */
import type { Rect } from "./raster.ts";

export interface Point {
  x: number;
  y: number;
}

/** The convex hull of some points, going round. */
export function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((one, other) => one.x - other.x || one.y - other.y);
  const half = (ordered: Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.toReversed())];
}

const turn = (from: Point, over: Point, to: Point): number =>
  (over.x - from.x) * (to.y - from.y) - (over.y - from.y) * (to.x - from.x);

/** The rectangle around `hull` whose width lies at `angle`. */
export function rectAt(hull: readonly Point[], angle: number): Rect {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of hull) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    x: along * cos - across * sin,
    y: along * sin + across * cos,
    width: right - left,
    height: bottom - top,
    angle,
  };
}

/** The smallest rectangle around `hull`, its width within 45° of the horizontal. */
export function smallestRect(hull: readonly Point[]): Rect {
  let best: Rect | undefined;
  hull.forEach((point, at) => {
    const next = hull[(at + 1) % hull.length] as Point;
    const edge = Math.atan2(next.y - point.y, next.x - point.x);
    const rect = rectAt(hull, edge - Math.round(edge / QUARTER) * QUARTER);
    if (!best || rect.width * rect.height < best.width * best.height) best = rect;
  });
  return best ?? rectAt(hull, 0);
}

export const QUARTER = Math.PI / 2;

/** Its corners, clockwise from the upper left as its text is read. */
export function corners({ x, y, width, height, angle }: Rect): [Point, Point, Point, Point] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (u: number, v: number): Point => ({
    x: x + (u * width * cos - v * height * sin) / 2,
    y: y + (u * width * sin + v * height * cos) / 2,
  });
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** The same place with its text going a number of quarters of a turn further. */
export function turned(rect: Rect, quarters: number): Rect {
  const { width, height, angle } = rect;
  const across = quarters % 2 !== 0;
  return {
    ...rect,
    width: across ? height : width,
    height: across ? width : height,
    angle: angle + quarters * QUARTER,
  };
}
