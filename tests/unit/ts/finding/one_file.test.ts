import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName } from "../../../../web/page/shell/one-file.ts";

test("a title becomes a name that every system takes", () => {
  for (const [title, name] of [
    ["Plans for the garden", "Plans for the garden.md"],
    ['../a\\b:c*?"<>|\u0000\u202E', "a b c.md"],
    ["...", "conversation.md"],
    ["", "conversation.md"],
    ["😀".repeat(200), `${"😀".repeat(80)}.md`],
  ] as const)
    assert.equal(fileName(title, "md"), name);
});
