/** Texts of files that go with a message: how much fits, what is cut, and how the transcript gives them back. */
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { __BUILD__: {} });
const { fits, shortened, tokensOf } = await import("../../../../web/page/chat/composer/text-files.ts");
const { textOf } = await import("../../../../web/sdk/documents/text-of.ts");
const { messageOf, toEntries } = await import("../../../../web/page/state/transcript.ts");

const room = { model: "Small", window: 2_000, tokens: 1_000 };
const file = (name: string, text: string) => ({ name, text });

test("what fits is left alone; of what does not, each keeps its beginning, and a short one all", () => {
  const [short, long] = [file("a", "a".repeat(400)), file("b", "line of b\n".repeat(2_000))];
  assert.equal(fits([short], room), true);
  assert.equal(fits([short, long], room), false);
  assert.equal(fits([short, long], null), true, "nobody knows what a server takes");
  const [one, two] = shortened([short, long], room);
  assert.equal(one, short);
  assert.equal(two?.whole, 20_000);
  assert.ok(two && long.text.startsWith(two.text) && two.text.endsWith("\n") && two.text.length > 3_000);
  assert.equal(fits([short, two], room), true);
  // Again it is as long as before.
  const [, again] = shortened([short, two], { ...room, tokens: 500 });
  assert.equal(again?.whole, 20_000);
});

test("letters of many bytes count for more, and none is cut in half", () => {
  const text = "漢字😀".repeat(2_000);
  assert.ok(tokensOf([file("a", text)]) > 4_000);
  const [cut] = shortened([file("a", text)], room);
  assert.ok(cut && text.startsWith(cut.text) && !cut.text.includes("\ufffd"));
  assert.ok(cut.text.length > 900 && fits([cut], room));
});

test("the transcript gives back what was sent, and shows none of it as the person's words", () => {
  const given = { name: "a.py", text: "print(1)\r\n\u0000\n", bytes: 12 };
  const content = [
    { type: "text", text: "Attached file: a.py\n…", file: given },
    { type: "text", text: "file of somebody's", file: { name: 3 } },
    { type: "text", text: "What does it do?" },
  ];
  const [entry] = toEntries([{ role: "user", content }]);
  assert.ok(entry?.kind === "user");
  assert.deepEqual([entry.text, messageOf(entry).files], ["What does it do?", [given]]);
});

test("text, code, tables and pages are read as they are written; what holds no text is refused", async () => {
  for (const [name, written] of [
    ["a.py", "x = [1]\n"],
    ["t.csv", "a;b\n1;2\n"],
    ["p.html", "<h1>Hi</h1>\n"],
    ["n.md", "# Ü\n"],
  ] as const)
    assert.equal((await textOf(new File([written], name), "")).text, written);
  const bytes = new Uint8Array([0x1f, 0x8b, 0, 1]);
  await assert.rejects(textOf(new File([bytes], "a.gz"), ""), { code: "bad-request" });
});
