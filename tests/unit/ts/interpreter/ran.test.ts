/** What an interpreter replies is taken for text, whatever the code in it made of the reply. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readRan } from "../../../../workers/interpreter/ran.ts";

const DRAWING = '<svg width="9"><clipPath id="c"><rect/></clipPath><text x="1">a &lt; b</text></svg>';
const NOTHING = { output: "", value: null, error: null, exhausted: false, figures: [] };

test("what it says in its own words is read", () => {
  const ran = { ...NOTHING, output: "hi\n", value: "42", figures: [DRAWING] };
  assert.deepEqual(readRan(JSON.stringify(ran)), ran);
});

test("what is of another kind is left out", () => {
  const forged = {
    output: 5,
    value: {},
    error: [],
    exhausted: "yes",
    figures: ["<script>", 7, null],
    more: 1,
  };
  assert.deepEqual(readRan(JSON.stringify(forged)), NOTHING);
  assert.deepEqual(readRan(JSON.stringify({ figures: "<svg" })), NOTHING);
});

test("what is too long is cut", () => {
  const ran = readRan(JSON.stringify({ output: "x".repeat(1e6), figures: Array(20).fill(DRAWING) }));
  assert.equal(ran.output.length, 25_000);
  assert.equal(ran.figures.length, 8);
  assert.deepEqual(readRan(JSON.stringify({ figures: [`<svg >${"x".repeat(1e6)}`] })).figures, []);
});

test("a figure that does more than draw is none", () => {
  for (const inside of [
    "<use href='#c'/>",
    "<filter/>",
    "<script/>",
    "<style/>",
    "<!DOCTYPE svg>",
    "< g>",
    "<a:g/>",
  ]) {
    assert.deepEqual(
      readRan(JSON.stringify({ figures: [`<svg width="9">${inside}</svg>`] })).figures,
      [],
      inside,
    );
  }
});

test("what is no answer is a failure", () => {
  for (const reply of [undefined, null, "{", "7x", {}]) {
    assert.throws(() => readRan(reply), { code: "engine-crashed" }, String(reply));
  }
});
