import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../../../workers/engine/contract.ts";
import { PACE_MS, paced } from "../../../../workers/engine/pace.ts";

type Delta = Chunk["choices"][0]["delta"];

const chunk = (delta: Delta, finish: "stop" | null = null, tokens?: number): Chunk => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 0,
  model: "m",
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...(tokens === undefined ? {} : { tokens }),
});
const text = (content: string, tokens?: number) => chunk({ content }, null, tokens);

/** Paces chunks that come at the given times; a chunk as what it says, and when. */
async function pace(chunks: [at: number, Chunk][], failure?: Error): Promise<[Delta, number | undefined][]> {
  let now = 0;
  async function* source() {
    for (const [at, item] of chunks) {
      now = at;
      yield item;
    }
    if (failure) throw failure;
  }
  const out: [Delta, number | undefined][] = [];
  try {
    for await (const item of paced(source(), () => now)) out.push([item.choices[0].delta, item.tokens]);
  } catch (error) {
    assert.equal(error, failure);
  }
  return out;
}

test("the first text goes out at once, what follows too soon is joined", async () => {
  const said = await pace([
    [0, chunk({ role: "assistant", content: "" })],
    [1, text("a", 1)],
    [2, text("b", 1)],
    [3, text("c", 2)],
    [1 + PACE_MS, text("d", 1)],
    [2 + PACE_MS, text("e")],
    [3 + PACE_MS, chunk({}, "stop")],
  ]);
  assert.deepEqual(said, [
    [{ role: "assistant", content: "" }, undefined],
    [{ content: "a" }, 1],
    [{ content: "bcd" }, 4],
    [{ content: "e" }, undefined],
    [{}, undefined],
  ]);
});

test("a slow engine's chunks pass as they are", async () => {
  const chunks = [0, 1, 2].map((n): [number, Chunk] => [n * PACE_MS, text(`${n}`, 1)]);
  assert.deepEqual(
    (await pace(chunks)).map(([delta]) => delta.content),
    ["0", "1", "2"],
  );
});

test("a tool call is not joined, and what was held comes before it", async () => {
  const call: Delta = { tool_calls: [{ index: 0, id: "x", function: { name: "f", arguments: "{}" } }] };
  const said = await pace([
    [0, text("a")],
    [1, text("b")],
    [2, chunk(call)],
  ]);
  assert.deepEqual(
    said.map(([delta]) => delta),
    [{ content: "a" }, { content: "b" }, call],
  );
});

test("an engine that fails has said everything first", async () => {
  const said = await pace(
    [
      [0, text("a")],
      [1, text("b")],
    ],
    new Error("broken"),
  );
  assert.deepEqual(
    said.map(([delta]) => delta.content),
    ["a", "b"],
  );
});
