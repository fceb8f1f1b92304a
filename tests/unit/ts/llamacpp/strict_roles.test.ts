import assert from "node:assert/strict";
import { test } from "node:test";
import { strictRoles } from "../../../../workers/llamacpp/strict-roles.ts";

const say = (role: string, content: string | unknown[]) => ({ role, content });

test("a system message stands before the first words of the user, and neighbours are joined", () => {
  const messages = [
    say("system", "S"),
    say("system", "T"),
    say("user", "a"),
    say("user", "b"),
    say("assistant", "c"),
  ];
  assert.deepEqual(strictRoles(messages), [say("user", "S\n\nT\n\na\n\nb"), say("assistant", "c")]);
  assert.deepEqual(strictRoles([say("system", "S")]), [say("user", "S")]);
  assert.deepEqual(strictRoles([say("user", "a"), say("system", "S")]), [say("user", "S\n\na")]);
});

test("pictures stay in their order, calls and their results stay what they are", () => {
  const [one, two] = [
    { type: "image", data: 1 },
    { type: "image", data: 2 },
  ];
  const text = { type: "text", text: "a" };
  assert.deepEqual(strictRoles([say("user", [one]), say("user", "a"), say("user", [two])]), [
    say("user", [one, text, two]),
  ]);
  const call = { ...say("assistant", ""), tool_calls: [{ id: "c" }] };
  const steps = [say("user", "a"), call, call, say("tool", "1"), say("tool", "2")];
  assert.deepEqual(strictRoles(steps), steps);
});
