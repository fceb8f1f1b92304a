/** Where a growing Markdown text is cut, and a code block that goes on line by line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lexer } from "marked";
import { CodeLines } from "../../../../../web/page/markdown/code-lines.ts";
import { closingOf, headOf, settled } from "../../../../../web/page/markdown/cut.ts";

const blocksOf = (source: string) => new Lexer({ gfm: true, breaks: true }).blockTokens(source, []);
const cut = (source: string) => settled(blocksOf(source));
const typesOf = (source: string): string[] =>
  blocksOf(source)
    .map(({ type }) => type)
    .filter((type) => type !== "space");

test("all blocks but the last are whole", () => {
  const parts = cut("# Title\n\nOne.\n\n- a\n- b\n\nLast");
  assert.deepEqual(
    parts.filter(({ raw }) => raw.trim()).map(({ raw, goesOn }) => [raw.trim(), goesOn]),
    [
      ["# Title", false],
      ["One.", false],
      ["- a\n- b", false],
    ],
  );
  assert.deepEqual(cut("One block, and a long one at that."), []);
  assert.deepEqual(cut(""), []);
});

test("a long list is cut between items, and goes on with the next number", () => {
  const items = Array.from({ length: 300 }, (_, index) => `${index + 1}. item with some words in it\n`);
  const source = items.join("");
  let rest = source;
  let count = 0;
  for (let [part] = cut(rest); part; [part] = cut(rest)) {
    assert.ok(part.goesOn && rest.startsWith(part.raw) && part.raw.endsWith("in it\n"));
    assert.deepEqual(typesOf(part.raw), ["list"]);
    assert.ok(part.raw.length < 2_100);
    count += part.raw.split("\n").length - 1;
    rest = rest.slice(part.raw.length);
    assert.ok(rest.startsWith(`${count + 1}. `));
  }
  assert.ok(count > 150 && count < 299);
});

test("a long paragraph is cut where a sentence ends, and what follows is text again", () => {
  const sentence = "It goes on and on, and 3 times more. - so they say. ";
  const source = sentence.repeat(200).trim();
  const [part] = cut(source);
  assert.ok(part?.goesOn && source.startsWith(part.raw));
  assert.ok(part.raw.length <= 4_000 && part.raw.length > 3_800, `${part.raw.length}`);
  assert.match(part.raw, /\. $/);
  assert.deepEqual(typesOf(source.slice(part.raw.length)), ["paragraph"]);
});

test("text without a place to cut is cut between characters", () => {
  const [part] = cut(`a${"😀".repeat(4_000)}`);
  assert.ok(part?.goesOn);
  assert.match(part.raw, /^a(?:😀)+$/u);
});

test("a long table is not cut: it has a head to which its rows are put", () => {
  const head = "| a | b |\n|---|---|\n";
  const rows = (count: number): string => head + "| some | words |\n".repeat(count);
  assert.deepEqual(blocksOf(rows(10)).map(headOf), [""]);
  assert.deepEqual(blocksOf(rows(500)).map(headOf), [head]);
  assert.deepEqual(cut(rows(2_000)), []);
});

const codeOf = (source: string) => {
  const block = blocksOf(source).at(-1);
  assert.equal(block?.type, "code");
  return block as NonNullable<typeof block>;
};
const line = "x = 1  # some words\n";

test("only a long block between fences is closed by its fence", () => {
  assert.equal(closingOf(codeOf(`\`\`\`python\n${line.repeat(10)}`)), null);
  assert.equal(closingOf(codeOf(`    ${line}`.repeat(300))), null);
  const closing = closingOf(codeOf(`\`\`\`\`python\n${line.repeat(300)}`));
  assert.ok(closing);
  for (const text of ["````\n", "  `````  \nmore", "x\n````"]) assert.match(text, closing);
  for (const text of ["```\n", "x ````\n", "````x\n", "~~~~\n"]) assert.doesNotMatch(text, closing);
});

test("a code block takes its lines as they come, until its fence", () => {
  let lines = "";
  const partial = {
    data: "",
    before: (text: { data: string }) => {
      lines += text.data;
    },
  };
  const createTextNode = (data: string) => (data ? { data } : partial);
  Object.assign(globalThis, { document: { createTextNode } });
  const closing = closingOf(codeOf(`\`\`\`\n${line.repeat(300)}`)) as RegExp;
  const source = "one\n\ntwo``` three\n``\n```";
  for (const step of [1, 2, 5, source.length]) {
    lines = "";
    const code = new CodeLines({ className: "", dataset: {} } as unknown as HTMLElement, closing);
    let done = 0;
    for (let end = step; end < source.length + step; end += step) {
      const { taken, ended } = code.take(source.slice(done, end));
      done += taken;
      assert.equal(ended, false);
      assert.ok(source.startsWith(lines + partial.data));
    }
    assert.deepEqual([lines, partial.data], ["one\n\ntwo``` three\n``\n", ""]);
    assert.deepEqual(code.take("```\nAfter"), { taken: 4, ended: true, more: true, loose: "" });
  }
});
