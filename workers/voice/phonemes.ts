/**
 * Words to the phonemes that English Piper voices were trained on. Piper's authors take espeak's; these come from
 * phonemize, a dictionary with rules, and are respelled as espeak would write them.
 */
import { createPhonemizer } from "phonemize/core";
import { EnglishG2P } from "phonemize/en-g2p";

/** What it does to a text beforehand is done already, and better: it would say "commercial" for ".com". */
class OnlyWords extends EnglishG2P {
  override preProcess(text: string): string {
    return text;
  }
}

const english = createPhonemizer({ processors: [new OnlyWords()] });
/** What the dictionary has wrong. */
const CORRECTED: Record<string, string> = {
  "don't": "ˈdoʊnt",
  "won't": "ˈwoʊnt",
  co: "ˈkoʊ",
  re: "ˈɹi",
  nasa: "ˈnæsə",
  wasm: "ˈwɑzəm",
};
/** Written large they are no words. */
const SPELLED: Record<string, string> = { US: "ˈjuˈɛs", AM: "ˈeɪˈɛm", IT: "ˈaɪˈti" };

/** Said without stress in a sentence. */
const UNSTRESSED = new Set(
  (
    "a an the of in on at to for and or but is are was were be been am i you he she it we they me him her us them my " +
    "your his its our their that this with from by as if so do does did has have had will would can could should there"
  ).split(" "),
);
const VOWELS = "aɑæəɐɛɪɔʊʌɝɚeiouɜ";
const DIPHTHONGS = new Set(["eɪ", "aɪ", "aʊ", "oʊ", "ɔɪ"]);
/** Long ones are marked as such. */
const LONG: Record<string, string> = { u: "uː", ɑ: "ɑː", ɔ: "ɔː" };
/** Marks that Piper's voices make pauses and melodies of. */
const MARKS = new Set([".", ",", "!", "?", ";", ":"]);

/** Phonemes of a passage of English words and punctuation marks; empty where nothing in it can be said. */
export function phonemesOf(passage: string): string {
  let said = "";
  const tokens = english.phonemize(passage, { returnArray: true });
  for (const [at, { word, phoneme }] of tokens.entries()) {
    if (MARKS.has(word)) said += said === "" || MARKS.has(said.at(-1) as string) ? "" : word;
    else if (/[a-z]/i.test(word)) {
      // The letter, not the article: "7 A M".
      const letter = word === "A" && /^[A-Z]$/.test(tokens[at + 1]?.word ?? "") ? "ˈeɪ" : undefined;
      const known = letter ?? SPELLED[word] ?? CORRECTED[word.toLowerCase()] ?? phoneme;
      said += (said === "" ? "" : " ") + respelled(known, UNSTRESSED.has(word.toLowerCase()));
    }
  }
  return said;
}

/** A word as espeak would write it. */
export function respelled(phonemes: string, unstressed: boolean): string {
  let word = phonemes.replaceAll("ɫ", "l").replaceAll("g", "ɡ");
  if (!unstressed && !word.includes("ˈ")) {
    const first = [...word].findIndex((each) => VOWELS.includes(each));
    if (first >= 0) word = `${word.slice(0, first)}ˈ${word.slice(first)}`;
  }
  let said = "";
  let stress = "";
  for (let at = 0; at < word.length; at++) {
    const each = word[at] as string;
    if ("ˈˌ".includes(each)) {
      // Written before the syllable; espeak writes it before the vowel.
      stress = each;
      continue;
    }
    if (!VOWELS.includes(each)) {
      said += each;
      continue;
    }
    said += stress;
    const two = word.slice(at, at + 2);
    if (DIPHTHONGS.has(two)) {
      said += two;
      at++;
    } else if (each === "i") said += stress || at + 1 < word.length ? "iː" : "i";
    else if (each === "ɝ") said += stress ? "ɜː" : "ɚ";
    else said += LONG[each] ?? each;
    stress = "";
  }
  return said;
}
