/** What is known of words before anybody understands them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, heardOf, isEcho } from "../../../../web/sdk/voice/words.ts";

test("a sentence is whole unless it wants to go on", () => {
  for (const text of ["What time is it?", "Stop", "Call my sister.", "¿Qué hora es?"])
    assert.ok(complete(text), text);
  for (const text of ["", "…", "I want to", "First,", "so because", "Well...", "She said that the."]) {
    assert.ok(!complete(text), text);
  }
});

test("what the page said is an echo, what a person says in other words is not", () => {
  const said = "The heron is a large bird. It eats fish, and it stands for hours in shallow water.";
  for (const heard of [
    "it eats fish and it stands",
    "a large bird it eats fish",
    "stands for ours in shallow water",
  ]) {
    assert.ok(isEcho(heard, said), heard);
  }
  for (const heard of [
    "What does it eat?",
    "stop",
    "Is it a big bird?",
    "",
    "Tell me about another bird please",
  ]) {
    assert.ok(!isEcho(heard, said), heard);
  }
});

test("what was heard of an answer ends with the last word that was", () => {
  const answer = "# Herons\n\nThe heron is a bird. It eats **fish**, 3 a day. The end.";
  const sentences = ["Herons", "The heron is a bird.", "It eats **fish**, 3 a day.", "The end."];
  const spoken = [1, 2, 3, 1].map((seconds, at) => {
    const text = sentences[at] as string;
    return { text, from: answer.indexOf(text), seconds };
  });
  const heard = (seconds: number) => heardOf(answer, spoken, seconds);
  assert.equal(heard(0), "");
  assert.equal(heard(1), "# Herons");
  assert.equal(heard(2.2), "# Herons\n\nThe heron is");
  assert.equal(heard(3), "# Herons\n\nThe heron is a bird.");
  assert.equal(heard(6), "# Herons\n\nThe heron is a bird. It eats **fish**, 3 a day.");
  assert.equal(heard(7), answer);
  // A voice of the system says when it begins a sentence, and no more.
  const unknown = spoken.map((sentence) => ({ ...sentence, seconds: 0 }));
  assert.equal(heardOf(answer, unknown.slice(0, 2), 1), "# Herons\n\nThe heron is a bird.");
});
