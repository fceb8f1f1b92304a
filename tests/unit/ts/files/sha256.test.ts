/** Our SHA-256 against Node's own, at every length around a block and in pieces of any size. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../../../../workers/files/sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const right = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("every length around a block, and around its buffer", () => {
  const lengths = [...Array(200).keys(), (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_003];
  for (const length of lengths) {
    const hash = sha256();
    hash.update(bytesOf(length));
    assert.equal(hex(hash.digest()), right(bytesOf(length)), `${length} bytes`);
  }
});

test("in pieces of any size, and two at a time", () => {
  const whole = bytesOf(700_001);
  for (const step of [1_000, 63, 64, 65, 300_000]) {
    const [a, b] = [sha256(), sha256()];
    for (let at = 0; at < whole.length; at += step) {
      a.update(whole.subarray(at, at + step));
      b.update(whole.subarray(at, at + step).map((byte) => 255 - byte));
    }
    assert.equal(hex(a.digest()), right(whole), `steps of ${step}`);
    assert.equal(hex(b.digest()), right(whole.map((byte) => 255 - byte)));
  }
});
