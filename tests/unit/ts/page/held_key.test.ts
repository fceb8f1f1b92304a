import assert from "node:assert/strict";
import { test } from "node:test";
import { heldKey } from "../../../../web/page/voice/held-key.ts";

const key = (type: string, name = " ", repeat = false) => ({ type, key: name, repeat });

test("a key that is held over the button talks until it is let go of, wherever the focus is then", () => {
  assert.equal(heldKey(key("keydown"), true), "press");
  assert.equal(heldKey(key("keydown", " ", true), true), "held");
  assert.equal(heldKey(key("keyup"), true), "release");
  assert.equal(heldKey(key("keyup"), false), "release");
});

test("a key elsewhere, and any other key, begins nothing", () => {
  assert.equal(heldKey(key("keydown"), false), null);
  assert.equal(heldKey(key("keydown", "a"), true), null);
});
