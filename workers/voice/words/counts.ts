/** What is left of numbers once dates, times, sums and measures are words: years, ranges, places, telephones. */
import { cardinal, decade, decimal, digits, ordinal, year } from "./numbers.ts";

const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const PARTS: Record<string, string> = { "2": "half", "3": "third", "4": "quarter" };
const VULGAR: Record<string, string> = {
  "½": "1/2",
  "⅓": "1/3",
  "⅔": "2/3",
  "¼": "1/4",
  "¾": "3/4",
  "⅛": "1/8",
};

function fraction(over: string, under: string): string {
  const part = PARTS[under] ?? ordinal(under);
  if (over === "1") return `one ${part}`;
  return `${cardinal(over)} ${part === "half" ? "halves" : `${part}s`}`;
}

/** Decades, which look like seconds, and fractions of one character: before measures are read. */
export const decades = (text: string): string =>
  text
    .replace(/\b(1[1-9]\d0|20\d0)['’]?s\b/g, (_, first: string) => decade(first))
    .replace(/(\d?)([½⅓⅔¼¾⅛])/g, (_, whole: string, part: string) => {
      const said = fraction(...((VULGAR[part] as string).split("/") as [string, string]));
      return whole ? `${cardinal(whole)} and ${said === "one half" ? "a half" : said}` : said;
    });

/** Numbers of telephones: a country's code before them, or groups as they are written in North America. */
const TELEPHONE =
  /(?<!\w)\+\d{1,3}[\s-][\d\s-]{5,16}\d(?!\w)|(?<![\w.-])(?:\(\d{3}\)\s?|\d{3}-)\d{3}-\d{4}(?!\w)/g;

/** Replaces them, digit by digit. */
export const telephones = (text: string): string =>
  text.replace(TELEPHONE, (all) => {
    const groups = (all.match(/\d+/g) ?? []).map(digits).join(", ");
    return all.startsWith("+") ? `plus ${groups}` : groups;
  });

/** Signs before numbers and sums. */
export const signed = (text: string): string =>
  text.replace(/(^|[\s(=,])[-−](?=[$€£]?\d)/g, "$1minus ").replace(/(^|[\s(=,])\+(?=[$€£]?\d)/g, "$1plus ");

/** Replaces every number that is left. */
export function counts(text: string): string {
  return text
    .replace(/\b(\d+)(?:st|nd|rd|th)\b/gi, (_, number: string) => ordinal(number))
    .replace(/(?<![\d/])(\d{1,3})\s?[/⁄]\s?([2-9]|[1-9]\d)(?![\d/])/g, (_, over: string, under: string) =>
      fraction(over, under),
    )
    .replace(new RegExp(`(?<![\\w-])(${NUMBER})\\s?[–—-]\\s?(?=\\d)(?!\\d+-)`, "g"), "$1 to ")
    .replace(/(?<![\d.,])(1[1-9]\d\d|20\d\d)(?![\d.,]*\d)/g, (_, found: string) => year(found))
    .replace(
      new RegExp(NUMBER, "g"),
      (number) => ` ${number.includes(".") ? decimal(number) : cardinal(number)} `,
    );
}
