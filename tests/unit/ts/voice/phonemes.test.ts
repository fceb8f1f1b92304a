import assert from "node:assert/strict";
import { test } from "node:test";
import { phonemesOf, respelled } from "../../../../workers/voice/phonemes.ts";
import { readSettings, symbolIds } from "../../../../workers/voice/settings.ts";

test("words are spelled as Piper's voices know them", () => {
  assert.equal(phonemesOf("Hello, world!"), "həlˈoʊ, wˈɜːld!");
  assert.equal(phonemesOf("The doctor was here."), "ðə dˈɑːktɚ wɑːz hˈɪɹ.");
  assert.equal(phonemesOf("I don't, won't I?"), "aɪ dˈoʊnt, wˈoʊnt aɪ?");
});

test("letters are spelled, and the end of an address is no abbreviation", () => {
  assert.equal(phonemesOf("seven A M in the US"), "sˈɛvən ˈeɪ ˈɛm ɪn ðə jˈuːˈɛs");
  assert.equal(phonemesOf("a dot com"), "ə dˈɑːt kˈɑːm");
});

test("nothing to say is nothing", () => {
  for (const passage of ["", "...", "?! ,", "   "]) assert.equal(phonemesOf(passage), "");
});

test("a word of one syllable is stressed, unless a sentence runs over it", () => {
  assert.equal(respelled("kæt", false), "kˈæt");
  assert.equal(respelled("ənd", true), "ənd");
});

const SETTINGS = {
  audio: { sample_rate: 22050 },
  language: { code: "en_US" },
  phoneme_id_map: { _: [0], "^": [1], $: [2], a: [14], ".": [10] },
};

test("phonemes become numbers, those that a voice does not know left out", () => {
  const settings = readSettings(JSON.stringify(SETTINGS));
  assert.equal(settings.language, "en-US");
  assert.deepEqual(symbolIds("a☃a.", settings), [1, 0, 14, 0, 14, 0, 10, 0, 2]);
});

test("what are no settings of a voice are refused", () => {
  const bad = ["", "null", "[]", "{", '{"audio": {"sample_rate": "high"}}', '{"audio": {"sample_rate": 1}}'];
  for (const json of [...bad, JSON.stringify({ ...SETTINGS, phoneme_id_map: { a: "x" } })]) {
    assert.throws(() => readSettings(json), { code: "model-invalid" });
  }
});
