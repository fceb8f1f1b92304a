/** What the detector says of each point, to the regions of text (DB, "differentiable binarization"). */
import { hullOf, type Point } from "./hull.ts";

/** How likely each point is within a line of text, 0 to 255, row by row. */
export interface TextMap {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Points likelier than this hang together as a region. */
const LEAST = 0.3 * 255;
/** The mean of a region that is text. */
const LEAST_MEAN = 0.6 * 255;
/** Points of the map; fewer across are specks. */
const LEAST_SIDE = 3;

/** The convex hulls of the regions of text, in the map's points. */
export function regionsOf({ data, width, height }: TextMap): Point[][] {
  const seen = new Uint8Array(data.length);
  const found: Point[][] = [];
  const waiting: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (seen[start] || (data[start] as number) <= LEAST) continue;
    seen[start] = 1;
    waiting.push(start);
    // The ends of each row are all that its hull needs.
    const ends = new Map<number, { from: number; to: number }>();
    let sum = 0;
    let count = 0;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += data[at] as number;
      count++;
      const row = ends.get(y);
      if (!row) ends.set(y, { from: x, to: x });
      else if (x < row.from) row.from = x;
      else if (x > row.to) row.to = x;
      for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++) {
        for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
          const near = at + dy * width + dx;
          if (seen[near] || (data[near] as number) <= LEAST) continue;
          seen[near] = 1;
          waiting.push(near);
        }
      }
    }
    if (sum < LEAST_MEAN * count || count < LEAST_SIDE * LEAST_SIDE) continue;
    const points: Point[] = [];
    // A point covers its whole square.
    for (const [y, { from, to }] of ends) {
      points.push({ x: from, y }, { x: to + 1, y }, { x: from, y: y + 1 }, { x: to + 1, y: y + 1 });
    }
    found.push(hullOf(points));
  }
  return found;
}
