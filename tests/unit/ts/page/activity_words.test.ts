import assert from "node:assert/strict";
import { test } from "node:test";
import {
  about,
  agentNames,
  clock,
  depths,
  jsonLines,
  matching,
  totals,
} from "../../../../web/page/chat/activity-words.ts";
import type { ActivityEntry } from "../../../../web/sdk/index.ts";

const entry = (event: string, rest: Partial<ActivityEntry> = {}): ActivityEntry => ({
  event,
  time: "2026-11-27T14:42:34.056789+00:00",
  session: "s",
  data: {},
  ...rest,
});

const ALL = [
  entry("prompt:submit", { data: { prompt: "What is 1 + 2?" } }),
  entry("tool:post", { seconds: 0.0123, data: { tool_name: "add" } }),
  entry("llm:response", { seconds: 1.5, tokens: 1200, engine: "llamacpp" }),
  entry("provider:response", { seconds: 1.5, tokens: 1200, engine: "llamacpp" }),
  entry("tool:error", { data: { tool_name: "add", error: { type: "refused", msg: "Denied." } } }),
];

test("the time of an event is the person's, to the millisecond", () => {
  assert.match(clock(ALL[0]?.time ?? ""), /^\d\d:\d\d:34\.056$/);
  assert.equal(clock("some day"), "");
});

test("an event says what it is about and what it cost", () => {
  assert.deepEqual(ALL.map(about), [
    "What is 1 + 2?",
    "add · 12 ms",
    "llamacpp · 1,200 tokens · 1.5 s",
    "llamacpp · 1,200 tokens · 1.5 s",
    "add · Denied.",
  ]);
});

test("words are looked for anywhere, all of them", () => {
  assert.deepEqual(matching(ALL, "").length, ALL.length);
  assert.deepEqual(
    matching(ALL, "  ADD error ").map(({ event }) => event),
    ["tool:error"],
  );
  assert.deepEqual(matching(ALL, "nowhere"), []);
});

test("events of agents are found by who did them, and stand below whoever they work for", () => {
  const poet = { id: "p", name: "poet", parent: "s" };
  const helper = { id: "h", name: "helper", parent: "p" };
  const [own, theirs, deeper] = [
    entry("tool:pre"),
    entry("tool:pre", { agent: poet }),
    entry("tool:post", { agent: helper }),
  ];
  const all = [own, theirs, deeper] as ActivityEntry[];
  assert.deepEqual(agentNames(all), ["poet", "helper"]);
  assert.deepEqual([...depths(all).values()], [0, 1, 2]);
  assert.deepEqual(matching(all, "", { agent: "poet" }), [theirs]);
  assert.deepEqual(matching(all, "tool", { agent: null }), [own]);
  assert.deepEqual(matching(all, "post", { agent: "poet" }), []);
  assert.equal(matching(all, ""), all);
});

test("an answer is counted once", () => {
  assert.equal(totals(ALL), "5 events · 1,200 tokens · 1.5 s with the model");
  assert.equal(totals(ALL.slice(0, 1)), "1 event");
  assert.equal(totals([]), "0 events");
});

test("lines of JSON hold all of it", () => {
  const lines = jsonLines(ALL).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as ActivityEntry),
    ALL,
  );
});
