/** What the Storage tab says of what lies on the device and of what moves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  downloadWords,
  importWords,
  shortage,
  timeLeft,
  usedWords,
  weight,
} from "../../../../web/page/storage/words.ts";
import type { Download } from "../../../../web/sdk/index.ts";

const download = (more: Partial<Download>): Download => ({
  id: "m",
  name: "M",
  state: "running",
  bytes: 100e6,
  total: 400e6,
  secondsLeft: null,
  elsewhere: false,
  ...more,
});

test("weights have the unit that suits them", () => {
  assert.deepEqual([0, 300, 412_000, 98.4e6, 3.94e9].map(weight), [
    "nothing",
    "1 kB",
    "412 kB",
    "98 MB",
    "3.9 GB",
  ]);
});

test("the time left is as exact as it can be", () => {
  assert.deepEqual([null, Number.POSITIVE_INFINITY, 4, 40, 140, 3600, 5500].map(timeLeft), [
    "",
    "",
    "a few seconds left",
    "less than a minute left",
    "about 2 min left",
    "about 1 h left",
    "about 1 h 32 min left",
  ]);
});

test("a download says where it is, and what it waits for", () => {
  const amount = "25 % · 100 of 400 MB";
  assert.equal(downloadWords(download({ secondsLeft: 140 })), `Downloading · ${amount} · about 2 min left`);
  assert.equal(downloadWords(download({ total: 0 })), "Downloading");
  assert.equal(downloadWords(download({ elsewhere: true })), `Downloading · ${amount} · in another tab`);
  assert.equal(downloadWords(download({ state: "queued" })), "Waits for its turn");
  assert.equal(downloadWords(download({ state: "paused", why: "person" })), `Paused · ${amount}`);
  assert.match(
    downloadWords(download({ state: "paused", why: "network" })),
    /^No connection: it goes on by itself/,
  );
  assert.match(
    downloadWords(download({ state: "paused", why: "closed" })),
    /^Paused when the page was closed/,
  );
  assert.equal(downloadWords(download({ state: "failed" })), `Stopped · ${amount}`);
  assert.match(downloadWords(download({ waitsUntil: 2_000 }), 1_000), /^The server is busy; it goes on at /);
  assert.match(downloadWords(download({ waitsUntil: 500 }), 1_000), /^Downloading/);
});

test("the last use is told in days of the calendar", () => {
  const noon = new Date(2026, 10, 27, 12).getTime();
  const hours = (n: number) => usedWords({ lastUsed: noon - n * 3_600_000 }, noon);
  assert.deepEqual(
    [hours(1), hours(13), hours(37), hours(36 + 24 * 3 + 1)],
    ["used today", "used yesterday", "used 2 days ago", "used 5 days ago"],
  );
  assert.equal(usedWords({ lastUsed: 0 }), "not used yet");
});

test("room is short below half a gigabyte, or a quarter of a small disk", () => {
  assert.equal(shortage(5e9, 6e9), 0);
  assert.equal(shortage(5.7e9, 6e9), 200e6);
  assert.equal(shortage(0.3e9, 0.4e9), 0);
  assert.equal(shortage(0.35e9, 0.4e9), 50e6);
  assert.equal(shortage(null, 6e9), 0);
  assert.equal(shortage(1, null), 0);
});

test("what became of a file of conversations is told, and of many that were refused only some", () => {
  const refused = Array.from({ length: 7 }, (_, i) => ({ title: i ? `T${i}` : "", reason: "It has no id." }));
  assert.deepEqual(importWords({ added: ["a"], skipped: ["b", "c"], refused: refused.slice(0, 2) }), [
    "One conversation came.",
    "2 conversations were here already.",
    "One without a title was not taken: It has no id.",
    "“T1” was not taken: It has no id.",
  ]);
  assert.equal(importWords({ added: [], skipped: [], refused }).at(-1), "2 more were not taken.");
  assert.deepEqual(importWords({ added: [], skipped: [], refused: [] }), [
    "There is no conversation in this file.",
  ]);
});
