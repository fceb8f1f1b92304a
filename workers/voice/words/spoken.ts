/** A passage as it was written to the words that are said, in English. */
import { addresses } from "./addresses.ts";
import { measures, money } from "./amounts.ts";
import { counts, decades, signed, telephones } from "./counts.ts";
import { letters } from "./letters.ts";
import { markup } from "./markup.ts";
import { shortened, signs } from "./short.ts";
import { dates, times } from "./times.ts";

/** Longer ones are no words. */
const LONGEST_WORD = 60;

/**
 * Letters, apostrophes and the marks `. , ! ? ; :` only; empty where there is nothing to say.
 * @returns `skipped`, each thing once: what has no words, in words for a person
 */
export function spoken(passage: string): { words: string; skipped: string[] } {
  const skipped = new Set<string>();
  const skip = (what: string) => void skipped.add(what);
  let text = passage.replace(/[‘’ʼ]/g, "'").replace(/[\u200b\ufeff\u00ad]/g, "");
  text = addresses(markup(text, skip), skip);
  text = money(signed(times(dates(telephones(shortened(text))))));
  text = signs(letters(measures(decades(text)), skip));
  text = counts(text);
  return { words: tidy(text, skip), skipped: [...skipped] };
}

/** Only what is said, and the marks that make a pause or a melody. */
function tidy(text: string, skip: (what: string) => void): string {
  return text
    .replace(/\S{61,}/g, (word) => {
      if (!/[\p{L}\d]/u.test(word)) return " ";
      skip(`a word of more than ${LONGEST_WORD} letters`);
      return " ";
    })
    .replace(/(\p{L})-(?=\p{L})/gu, "$1 ")
    .replace(/(\p{Ll})(?<!\bMa?c)(?=\p{Lu})/gu, "$1 ")
    .replace(/\s?(?:\.{2,}|[–—…]|\s-\s|--+|[()[\]{}])\s?/g, ", ")
    .replace(/\n+/g, ", ")
    .replace(/[^\p{L}'.,!?;:\s]/gu, " ")
    .replace(/(?<!\p{L})'|'(?!\p{L})/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/\s(?=[.,!?;:])/g, "")
    .replace(/([.,!?;:])[.,!?;:\s]*(?=[.,!?;:])/g, "")
    .replace(/^[.,!?;:\s]+/, "")
    .trim();
}
