/** Where text is, how it lies, and in which order it is read: without any network. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { corners, hullOf, rectAt, smallestRect, turned } from "../../../../workers/reading/hull.ts";
import { linesOf } from "../../../../workers/reading/lines.ts";
import { rowsOf } from "../../../../workers/reading/order.ts";
import type { Rect } from "../../../../workers/reading/raster.ts";
import { regionsOf, type TextMap } from "../../../../workers/reading/regions.ts";

const near = (got: number, wanted: number, by = 0.01) =>
  assert.ok(Math.abs(got - wanted) <= by, `${got} is not ${wanted}`);
const rect = (x: number, y: number, width: number, height: number, angle = 0): Rect => ({
  x: x + width / 2,
  y: y + height / 2,
  width,
  height,
  angle,
});
const degrees = (angle: number) => (angle * Math.PI) / 180;

function mapOf(width: number, height: number, filled: [number, number, number, number, number][]): TextMap {
  const data = new Uint8Array(width * height);
  for (const [left, top, right, bottom, value] of filled) {
    for (let y = top; y < bottom; y++) data.fill(value, y * width + left, y * width + right);
  }
  return { data, width, height };
}

test("what hangs together is a region; specks and what is hardly likely are none", () => {
  const map = mapOf(60, 40, [
    [5, 5, 45, 11, 230],
    [10, 20, 30, 26, 120], // above the threshold, and too faint in the mean
    [50, 30, 52, 32, 255], // a speck
    [0, 36, 60, 40, 200], // to the very edge
  ]);
  const found = regionsOf(map).map((hull) => rectAt(hull, 0));
  assert.deepEqual(
    found.map(({ x, y, width, height }) => [x - width / 2, y - height / 2, width, height]),
    [
      [5, 5, 40, 6],
      [0, 36, 60, 4],
    ],
  );
});

test("a hull has the corners and nothing within; of two points it has both", () => {
  const square = [0, 4].flatMap((x) => [0, 4].map((y) => ({ x, y })));
  assert.equal(hullOf([...square, { x: 2, y: 2 }, { x: 2, y: 0 }]).length, 4);
  assert.equal(hullOf([{ x: 1, y: 1 }]).length, 1);
  const alone = smallestRect(hullOf([{ x: 1, y: 1 }]));
  assert.deepEqual([alone.width, alone.height], [0, 0]);
});

test("the smallest rectangle is the one that was turned", () => {
  for (const angle of [0, 7, -30, 44]) {
    const wanted = rect(10, 20, 80, 12, degrees(angle));
    const found = smallestRect(hullOf(corners(wanted)));
    near(found.x, wanted.x);
    near(found.y, wanted.y);
    near(found.width, 80);
    near(found.height, 12);
    near(found.angle, degrees(angle));
  }
});

test("a rectangle that goes round four times is what it was", () => {
  const wanted = rect(3, 4, 50, 10, 0.2);
  const round = turned(turned(wanted, 1), 3);
  near(round.width, 50);
  near(round.angle, 0.2 + 2 * Math.PI);
  corners(round).forEach(({ x, y }, at) => {
    const before = corners(wanted)[at] as { x: number; y: number };
    near(x, before.x);
    near(y, before.y);
  });
});

test("lines of a page that lies askew, or on its side, are found as they are read", () => {
  for (const [angle, wanted] of [
    [0, 0],
    [4, 4],
    [-6, -6],
    [90, 90],
    [94, 94],
  ] as const) {
    const turn = degrees(angle);
    const hulls = Array.from({ length: 6 }, (_, at) =>
      hullOf(
        corners({
          x: 500 - 30 * at * Math.sin(turn),
          y: 500 + 30 * at * Math.cos(turn),
          width: 300,
          height: 12,
          angle: turn,
        }),
      ),
    );
    const { lines, angle: found } = linesOf(hulls);
    near(found, degrees(wanted), 0.001);
    for (const line of lines) {
      assert.equal(line.stands, false);
      assert.ok(line.rect.width > 300 && line.rect.height > 12 && line.rect.height < 40);
    }
  }
});

test("a line that stands on a page that lies is turned by itself", () => {
  const hulls = [rect(0, 0, 300, 12), rect(0, 30, 300, 12), rect(400, 0, 12, 200)].map((each) =>
    hullOf(corners(each)),
  );
  const { lines } = linesOf(hulls);
  assert.deepEqual(
    lines.map(({ stands }) => stands),
    [false, false, true],
  );
  assert.ok((lines[2]?.rect.width as number) > 200);
});

/** Lines of a column: as many, from `x` and `y` on. */
const column = (x: number, y: number, count: number, width = 300) =>
  Array.from({ length: count }, (_, at) => rect(x, y + 22 * at, width, 16));

test("columns are read one after the other, what lies across them where it stands", () => {
  const rects = [
    rect(100, 0, 500, 24),
    ...column(0, 50, 8),
    ...column(340, 50, 8),
    ...column(0, 300, 5, 640),
  ];
  const rows = rowsOf(rects, 0);
  assert.deepEqual(
    rows,
    rects.map((_, at) => [at]),
  );
});

test("three columns of a page that is turned are read as they stand", () => {
  const upright = [...column(0, 0, 6), ...column(340, 0, 6), ...column(680, 0, 6)];
  const angle = degrees(184);
  const turnedRects = upright.map((each) => ({
    ...each,
    x: each.x * Math.cos(angle) - each.y * Math.sin(angle),
    y: each.x * Math.sin(angle) + each.y * Math.cos(angle),
    angle,
  }));
  assert.deepEqual(
    rowsOf(turnedRects, angle),
    upright.map((_, at) => [at]),
  );
});

test("a table is read row by row, and cells of a row are together", () => {
  const cells = Array.from({ length: 5 }, (_, row) =>
    [0, 200, 400].map((x) => rect(x, 30 * row, 70, 16)),
  ).flat();
  assert.deepEqual(
    rowsOf(cells, 0),
    Array.from({ length: 5 }, (_, row) => [3 * row, 3 * row + 1, 3 * row + 2]),
  );
});

test("a sidebar is read before what stands beside it", () => {
  const sidebar = Array.from({ length: 6 }, (_, at) => rect(0, 34 * at, 90, 16));
  const main = column(200, 9, 9);
  const rows = rowsOf([...sidebar, ...main], 0);
  assert.deepEqual(
    rows.flat(),
    [...sidebar, ...main].map((_, at) => at),
  );
});

test("nothing is in no order", () => {
  assert.deepEqual(rowsOf([], 0), []);
  assert.deepEqual(linesOf([]), { lines: [], angle: 0 });
});
