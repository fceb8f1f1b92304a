/** What is told when several parts are at work. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Status, StatusBoard } from "../../../../web/sdk/engines/status.ts";

const loading = (text: string): Status => ({ phase: "loading", text });

test("an engine that loads explains a turn that waits", () => {
  const board = new StatusBoard(() => undefined);
  board.report("turn", { phase: "thinking", text: "Thinking" });
  board.report("chat", loading("Loading SmolLM2"));
  assert.equal(board.status.text, "Loading SmolLM2");
  assert.deepEqual(Object.keys(board.status.roles ?? {}), ["chat"]);
  board.report("chat", null);
  assert.equal(board.status.phase, "thinking");
});

test("the vision model is told beside the rest and hides nothing", () => {
  const heard: Status[] = [];
  const board = new StatusBoard((status) => heard.push(status));
  board.report("eyes", loading("Loading scene-vlm"));
  assert.equal(board.status.phase, "ready");
  assert.equal(board.status.roles?.eyes?.text, "Loading scene-vlm");
  assert.equal(board.status.vision?.text, "Loading scene-vlm");
  board.report("turn", { phase: "answering", text: "Answering" });
  assert.equal(board.status.phase, "answering");
  assert.equal(board.status.vision?.phase, "loading");
  board.report("eyes", null);
  assert.equal("vision" in board.status, false);
  assert.equal("roles" in board.status, false);
  assert.deepEqual(
    heard.map(({ phase }) => phase),
    ["ready", "answering", "answering"],
  );
});
