import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { fold, marksIn, places, wordsOf } from "../../../../workers/search/fold.ts";
import { WordIndex } from "../../../../workers/search/index-of-words.ts";
import {
  delta,
  newBrowser,
  newTab as open,
  question,
  reply,
  Session,
  settle,
  workers,
} from "../store/tabs.ts";

const { Conversations } = await import("../../../../web/sdk/store/conversations.ts");

const opened: { close(): void }[] = [];
const closing = <T extends { close(): void }>(tab: T): T => {
  opened.push(tab);
  return tab;
};
const newTab = () => closing(open());

beforeEach(newBrowser);
// The index is given up after a while, which nobody waits for.
afterEach(() => opened.splice(0).forEach((tab) => void tab.close()));

const marked = ({ text, marks }: { text: string; marks: [number, number][] }) =>
  marks.map(([from, to]) => text.slice(from, to));

test("words are found in any case, accents and shapes, and marked where they stand", () => {
  const found = (text: string, words: string) =>
    marksIn(text.normalize("NFC"), wordsOf(words)).map(([from, to]) => text.normalize("NFC").slice(from, to));
  assert.deepEqual(found("Le CAFÉ est ouvert", "cafe"), ["CAFÉ"]);
  assert.deepEqual(found("cafe\u0301 noir", "CAFÉ"), ["café".normalize("NFC")]);
  assert.deepEqual(found("Straße und STRASSE", "strasse"), ["Straße", "STRASSE"]);
  assert.deepEqual(found("ΟΔΟΣ, οδός", "οδος"), ["ΟΔΟΣ", "οδός"]);
  assert.deepEqual(found("İstanbul", "istanbul"), ["İstanbul"]);
  assert.deepEqual(found("the ﬁle", "file"), ["ﬁle"]);
  assert.deepEqual(found("今日は東京へ行きました", "東京"), ["東京"]);
  assert.deepEqual(found("안녕하세요", "하세"), ["하세"]);
  assert.deepEqual(found("я ❤️ Ёлку", "❤ елку"), ["❤️", "Ёлку"]);
  assert.deepEqual(found("👩‍👩‍👧 and 👍🏽", "👍"), ["👍"]);
  assert.deepEqual(found("a.*b [c] (d+) \\e $f^", ".* [c] (d+) \\e $f^"), [
    ".*",
    "[c]",
    "(d+)",
    "\\e",
    "$f^",
  ]);
  assert.deepEqual(found("banana", "an a"), ["anana"]);
  assert.deepEqual(found("x", "y"), []);
});

test("each place of the folded text has one in the text", () => {
  for (const text of ["", "plain", "Straße ﬁ İ é 東京 👍🏽", "\ud800 lone", "a\u0000b"]) {
    const composed = text.normalize("NFC");
    const found = places(composed);
    assert.equal(found.length, fold(composed).length + 1);
    assert.equal(found.at(-1), composed.length);
    assert.ok(found.every((place, i) => place >= (found[i - 1] ?? 0)));
  }
});

test("a hit shows the words in a little of what is around, however long the message is", () => {
  const index = new WordIndex();
  const long = `${"ß Lärm. ".repeat(5_000)}Here is the needle, in Straßen.${" after".repeat(5_000)}`;
  index.put({ id: "a", title: "Hay", updated: "2026" }, [{ role: "user", content: long }]);
  const [hit] = index.find({ words: "NEEDLE strassen", limit: 10 });
  assert.ok(hit && hit.text.length < 300);
  assert.deepEqual(marked(hit), ["needle", "Straßen"]);
  assert.ok(hit.text.startsWith("…") && hit.text.endsWith("…"));
  assert.deepEqual([hit.conversation, hit.message, hit.role], ["a", 0, "user"]);
});

test("titles come first, then the last changed; three of each, and all of one", () => {
  const index = new WordIndex();
  const said = (count: number) =>
    Array.from({ length: count }, () => ({ role: "user", content: "about tea" }));
  index.put({ id: "old", title: "Tea", updated: "2024" }, said(1));
  index.put({ id: "new", title: "x", updated: "2026" }, said(9));
  index.put({ id: "mid", title: "y", updated: "2025" }, [{ role: "system", content: "tea" }]);
  const places = index.find({ words: "tea", limit: 100 }).map((hit) => [hit.conversation, hit.message]);
  assert.deepEqual(places, [
    ["old", null],
    ["old", 0],
    ["new", 0],
    ["new", 1],
    ["new", 2],
  ]);
  assert.equal(index.find({ words: "tea", limit: 2 }).length, 2);
  assert.equal(index.find({ words: "tea", conversation: "new", limit: 100 }).length, 9);
  assert.deepEqual(index.find({ words: "tea coffee", limit: 100 }), []);
  assert.deepEqual(index.find({ words: " \u0301 ", limit: 100 }), []);
  assert.deepEqual(index.find({ words: "tea", conversation: "none", limit: 100 }), []);
});

test("ten thousand messages are searched quickly, also for one letter and for what is nowhere", () => {
  const index = new WordIndex();
  const words = "the quick brown fox jumps over a lazy dog while rain falls on old roofs of Zürich".split(
    " ",
  );
  const text = (seed: number) =>
    Array.from({ length: 160 }, (_, i) => words[(seed * 7 + i * i) % words.length]).join(" ");
  for (let id = 0; id < 500; id++) {
    const messages = Array.from({ length: 20 }, (_, i) => ({
      role: i % 2 ? "assistant" : "user",
      content: text(id * 20 + i),
    }));
    index.put({ id: `${id}`, title: `About ${id}`, updated: `${id}` }, messages);
  }
  const took = (query: string) => {
    const began = performance.now();
    index.find({ words: query, limit: 100 });
    return performance.now() - began;
  };
  const each = ["zurich nowhere", "xyzzy", "e", "東京", "fox dog"].map(took);
  console.log(`# five searches: ${each.map((ms) => ms.toFixed(1)).join(", ")} ms`);
  // 50 ms is what is wanted; a machine that does three other things at a time takes longer.
  assert.ok(Math.max(...each) < 250, `${each}`);
});

test("what another tab says, renames and deletes is found so", async () => {
  const [one, other] = [newTab(), newTab()];
  const session = await new Session(one, "a").open();
  await session.turn("about marmalade");
  assert.deepEqual(
    (await other.search("marmalade")).map(({ message, role }) => [message, role]),
    [
      [0, "user"],
      [1, "assistant"],
    ],
  );
  await session.turn("and about honey");
  await one.rename("a", "Breakfast");
  await settle();
  assert.deepEqual(
    (await other.search("HONEY")).map(({ title, message }) => [title, message]),
    [
      ["Breakfast", 2],
      ["Breakfast", 3],
    ],
  );
  assert.equal((await other.search("breakfast"))[0]?.message, null);
  assert.equal((await other.search("marmalade", { conversation: "a" })).length, 2);
  await one.remove("a");
  await settle();
  assert.deepEqual(await other.search("honey"), []);
  assert.deepEqual(await one.search("honey"), []);
});

test("what is not kept yet, or lies in memory only, is found too", async () => {
  const tab = closing(new Conversations(null, workers()));
  await tab.writer("a", async () => false).save(delta("a", 0, question("only here"), reply("yes")));
  assert.equal((await tab.search("only")).length, 1);
  const undo = await tab.remove("a");
  assert.deepEqual(await tab.search("only"), []);
  await undo();
  assert.equal((await tab.search("only")).length, 1);
});

test("pictures, thoughts and odd content are no words", async () => {
  const tab = newTab();
  const content = [
    { type: "thinking", thinking: "secretly" },
    { type: "text", text: "aloud" },
    { type: "image", source: { data: "secretly" } },
    null,
    { type: "text" },
  ];
  await tab
    .writer("a", async () => false)
    .save(delta("a", 0, question("q"), { role: "assistant", content } as never));
  assert.deepEqual(await tab.search("secretly"), []);
  assert.equal((await tab.search("aloud")).length, 1);
  await assert.rejects(tab.search(7 as never), { code: "bad-request" });
  await assert.rejects(tab.search("aloud", { signal: AbortSignal.abort() }), { code: "cancelled" });
  assert.deepEqual(await tab.search("x".repeat(100_000)), []);
});
