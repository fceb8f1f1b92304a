/** Numbers as they are said in English. */

const ONES = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "  twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const SCALES = ["", "thousand", "million", "billion", "trillion", "quadrillion"];
/** Longer ones are read digit by digit. */
const MOST_DIGITS = SCALES.length * 3;
const ORDINALS: Record<string, string> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

/** Digit by digit: "007". */
export const digits = (text: string): string =>
  [...text.replace(/\D/g, "")].map((digit) => ONES[Number(digit)]).join(" ");

/** A whole number of digits, with or without commas between thousands. */
export function cardinal(text: string): string {
  const plain = text.replace(/\D/g, "");
  if (plain.length > MOST_DIGITS || /^0\d/.test(plain)) return digits(plain);
  if (Number(plain) === 0) return "zero";
  const groups: string[] = [];
  for (let end = plain.length, scale = 0; end > 0; end -= 3, scale++) {
    const said = belowThousand(Number(plain.slice(Math.max(0, end - 3), end)));
    if (said) groups.unshift(scale ? `${said} ${SCALES[scale]}` : said);
  }
  return groups.join(" ");
}

function belowThousand(value: number): string {
  const parts: string[] = [];
  if (value >= 100) parts.push(`${ONES[Math.floor(value / 100)]} hundred`);
  const rest = value % 100;
  if (rest >= 20) parts.push(TENS[Math.floor(rest / 10)] as string);
  const last = rest >= 20 ? rest % 10 : rest;
  if (last > 0) parts.push(ONES[last] as string);
  return parts.join(" ");
}

/** Its place in an order: "twenty first". */
export function ordinal(text: string): string {
  const words = cardinal(text).split(" ");
  const last = words.pop() as string;
  return [...words, ORDINALS[last] ?? last.replace(/y$/, "ie").concat("th")].join(" ");
}

/** A number that may have a fraction: "3.14". */
export function decimal(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const said = whole.replace(/\D/g, "") === "" ? "zero" : cardinal(whole);
  return fraction ? `${said} point ${digits(fraction)}` : said;
}

/** A year of four digits: "nineteen oh five". */
export function year(text: string): string {
  const [century, rest] = [text.slice(0, 2), Number(text.slice(2))];
  if (text.startsWith("20") && rest < 10) return cardinal(text);
  if (rest === 0) return century.endsWith("0") ? cardinal(text) : `${cardinal(century)} hundred`;
  return `${cardinal(century)} ${rest < 10 ? `oh ${ONES[rest]}` : belowThousand(rest)}`;
}

/** A decade, by its first year: "nineteen nineties". */
export const decade = (text: string): string =>
  Number(text.slice(-2)) === 0
    ? `${year(text)}s`
    : year(text).replace(/(?:y|ten)$/, (end) => (end === "y" ? "ies" : "tens"));
