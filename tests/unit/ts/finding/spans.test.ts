/** Where words stand in the pieces of a drawn message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { spansOf } from "../../../../web/page/chat/spans.ts";

/** What the spans hold. */
const held = (pieces: string[], words: string[]) =>
  spansOf(pieces, words).map(({ from, to }) =>
    pieces
      .map((piece, i) => {
        if (i < from.piece || i > to.piece) return "";
        return piece.slice(i === from.piece ? from.at : 0, i === to.piece ? to.at : undefined);
      })
      .join("|"),
  );

test("every place of each word, in any case, in their order", () => {
  assert.deepEqual(held(["A heron, a HERON and a crow"], ["heron", "crow"]), ["heron", "HERON", "crow"]);
});

test("a word that markup parts is one span, and ends where it ends", () => {
  const pieces = ["say ", "Un", "believ", "able", " things"];
  assert.deepEqual(held(pieces, ["unbelievable"]), ["|Un|believ|able|"]);
  assert.deepEqual(spansOf(["ab", "cd"], ["ab"])[0]?.to, { piece: 0, at: 2 });
});

test("signs of patterns, emoji and signs that grow when they are made small are themselves", () => {
  assert.deepEqual(held(["a.*b (?[ ", "🧭!"], [".*", "(?[", "🧭"]), [".*|", "(?[|", "|🧭"]);
  assert.deepEqual(held(["İstanbul Pera"], ["Pera"]), ["Pera"]);
});

test("no word is nowhere", () => {
  assert.deepEqual(held(["text"], ["", "other"]), []);
  assert.deepEqual(held([], ["x"]), []);
});
