/** Offsets of time zones, as the browser knows them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { timeZone } from "../../../../workers/python/time-zone.ts";

const offset = (zone: string, at: string) => timeZone({ zone, at: Date.parse(at) }).offset;

test("offsets are those of the moment", () => {
  assert.equal(offset("Europe/Berlin", "2026-01-15T12:00Z"), 60);
  assert.equal(offset("Europe/Berlin", "2026-07-15T12:00Z"), 120);
  assert.equal(offset("Asia/Kathmandu", "2026-07-15T23:59Z"), 345);
  assert.equal(offset("America/St_Johns", "2026-01-15T00:00Z"), -210);
  assert.equal(offset("UTC", "2026-01-15T00:00Z"), 0);
  assert.equal(offset("Europe/Berlin", "2026-03-29T00:59:59.999Z"), 60);
  assert.equal(offset("Europe/Berlin", "2026-03-29T01:00Z"), 120);
  assert.equal(offset("UTC", "0050-06-01T00:00Z"), 0);
});

test("what is left out is this device's", () => {
  const { zone, offset } = timeZone({});
  assert.equal(zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
  assert.equal(offset, 0 - new Date().getTimezoneOffset());
});

test("a zone that is none", () => {
  for (const zone of ["Atlantis", "", "../etc"])
    assert.throws(() => timeZone({ zone, at: 0 }), { code: "bad-request" });
});
