import assert from "node:assert/strict";
import { test } from "node:test";
import { soon } from "../../../../web/page/kit/frame.ts";

test("however much happens, it is looked at once a moment later, and again when more happens", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let looks = 0;
  const happened = soon(() => {
    looks += 1;
  });
  for (let i = 0; i < 100; i++) happened();
  assert.equal(looks, 0);
  t.mock.timers.tick(50);
  assert.equal(looks, 1);
  t.mock.timers.tick(1_000);
  assert.equal(looks, 1);
  happened();
  t.mock.timers.tick(50);
  assert.equal(looks, 2);
});
