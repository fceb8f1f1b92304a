/** Abbreviations and signs, written out. */

/** With the dot that belongs to them. */
const SHORT: Record<string, string> = {
  "Mr.": "Mister",
  "Mrs.": "Missus",
  "Ms.": "Miz",
  "Dr.": "Doctor",
  "Prof.": "Professor",
  "Jr.": "Junior",
  "Sr.": "Senior",
  "vs.": "versus",
  "etc.": "et cetera",
  "e.g.": "for example",
  "i.e.": "that is",
  "cf.": "compare",
  "approx.": "approximately",
  "ca.": "about",
  "dept.": "department",
  "est.": "established",
  "Inc.": "Incorporated",
  "Ltd.": "Limited",
  "Corp.": "Corporation",
  "Ave.": "Avenue",
  "Blvd.": "Boulevard",
};
const SHORT_WORD = new RegExp(
  `(?<![\\w.])(?:${Object.keys(SHORT)
    .map((word) => word.replaceAll(".", "\\."))
    .join("|")})(?!\\w)`,
  "gi",
);
/** Before a number only. */
const COUNTED: Record<string, string> = {
  no: "number",
  fig: "figure",
  p: "page",
  pp: "pages",
  vol: "volume",
  ch: "chapter",
};
const COUNTED_WORD = /\b(no|fig|pp?|vol|ch)\.\s?(?=\d)/gi;
const ROMAN =
  /\b(Chapter|Part|Section|Volume|World War|Type|Phase|Act|King|Queen|Pope|[A-Z][a-z]+(?:y|ard|ge|es|is)) ([IVX]{2,6}|I|V|X)\b(?!')/g;
const RULERS = /(?:King|Queen|Pope|[a-z](?:y|ard|ge|es|is))$/;
const VALUE: Record<string, number> = { I: 1, V: 5, X: 10 };

const SIGNS: [RegExp, string][] = [
  [/(?<=\d|\s)%/g, " percent"],
  [/&/g, " and "],
  [/(?<=\w)\s*=\s*(?=[\w-])/g, " equals "],
  [/≠/g, " is not "],
  [/≈|~(?=\s?\d)/g, " about "],
  [/≤|<=/g, " is at most "],
  [/≥|>=/g, " is at least "],
  [/(?<=\w\s?)<(?=\s?\w)/g, " is less than "],
  [/(?<=\w\s?)>(?=\s?\w)/g, " is more than "],
  [/±/g, " plus or minus "],
  [/(?<=\d)\s*[×✕]\s*(?=\d)|(?<=\d)\s*x\s*(?=\d)/g, " times "],
  [/(?<=\d)\s*÷\s*(?=\d)/g, " divided by "],
  [/(?<=[\d\w]\s?)\+(?=\s?\d)/g, " plus "],
  [/(?<=\d)\+/g, " plus"],
  [/\bC\+\+/g, "C plus plus"],
  [/\b([A-G])#/g, "$1 sharp"],
  [/\band\/or\b/gi, "and or"],
  [/#(?=\d)/g, "number "],
  [/#(?=[a-z])/gi, "hashtag "],
  [/@/g, " at "],
  [/(?<=[\w)])\s?→\s?|\s?->\s?/g, " to "],
  [/\^(?=\d|[a-z])/gi, " to the power of "],
  [/°/g, " degrees"],
  [/§\s?/g, "section "],
  [/(?<=[a-z])\/(?=[a-z])/gi, " slash "],
];

/** Replaces abbreviations and Roman numbers. */
export function shortened(text: string): string {
  return text
    .replace(/\bU\.S\.(?:A\.)?/g, (found) => (found.includes("A") ? "U S A" : "U S"))
    .replace(/\bSt\.(?=\s[A-Z])/g, "Saint")
    .replace(/\bSt\.(?=\s|$)/g, "Street")
    .replace(
      SHORT_WORD,
      (found) => SHORT[found] ?? SHORT[found.toLowerCase()] ?? SHORT[capital(found)] ?? found,
    )
    .replace(/\bvs\b/g, "versus")
    .replace(COUNTED_WORD, (_, word: string) => `${COUNTED[word.toLowerCase()]} `)
    .replace(ROMAN, (_, before: string, roman: string) => {
      const value = romanValue(roman);
      return RULERS.test(before) ? `${before} the ${value}th` : `${before} ${value}`;
    });
}

const capital = (word: string): string => (word[0] ?? "").toUpperCase() + word.slice(1).toLowerCase();

function romanValue(roman: string): number {
  const values = [...roman].map((letter) => VALUE[letter] as number);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}

/** Replaces signs that stand for words. */
export const signs = (text: string): string =>
  SIGNS.reduce((said, [sign, word]) => said.replace(sign, word), text);
