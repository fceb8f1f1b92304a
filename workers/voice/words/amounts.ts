/** Money, measures and shares as they are said. */
import { cardinal, decimal } from "./numbers.ts";

const NUMBER = "(\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)";
const LARGE: Record<string, string> = {
  k: "thousand",
  m: "million",
  mn: "million",
  bn: "billion",
  b: "billion",
  tn: "trillion",
};
/** One, many, and what a hundredth is called. */
const MONEY: Record<string, [string, string, string?]> = {
  $: ["dollar", "dollars", "cent"],
  US$: ["U S dollar", "U S dollars", "cent"],
  "€": ["euro", "euros", "cent"],
  "£": ["pound", "pounds", "penny"],
  "¥": ["yen", "yen"],
  "₹": ["rupee", "rupees", "paisa"],
  "₩": ["won", "won"],
  "₿": ["bitcoin", "bitcoin"],
};
const CODES: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", KRW: "₩" };

const UNITS: Record<string, [string, string]> = {
  mm: ["millimeter", "millimeters"],
  cm: ["centimeter", "centimeters"],
  m: ["meter", "meters"],
  km: ["kilometer", "kilometers"],
  ft: ["foot", "feet"],
  mi: ["mile", "miles"],
  mg: ["milligram", "milligrams"],
  g: ["gram", "grams"],
  kg: ["kilogram", "kilograms"],
  lb: ["pound", "pounds"],
  lbs: ["pound", "pounds"],
  oz: ["ounce", "ounces"],
  ml: ["milliliter", "milliliters"],
  l: ["liter", "liters"],
  L: ["liter", "liters"],
  ns: ["nanosecond", "nanoseconds"],
  µs: ["microsecond", "microseconds"],
  ms: ["millisecond", "milliseconds"],
  s: ["second", "seconds"],
  sec: ["second", "seconds"],
  min: ["minute", "minutes"],
  h: ["hour", "hours"],
  hr: ["hour", "hours"],
  hrs: ["hour", "hours"],
  Hz: ["hertz", "hertz"],
  kHz: ["kilohertz", "kilohertz"],
  MHz: ["megahertz", "megahertz"],
  GHz: ["gigahertz", "gigahertz"],
  kB: ["kilobyte", "kilobytes"],
  KB: ["kilobyte", "kilobytes"],
  MB: ["megabyte", "megabytes"],
  GB: ["gigabyte", "gigabytes"],
  TB: ["terabyte", "terabytes"],
  KiB: ["kibibyte", "kibibytes"],
  MiB: ["mebibyte", "mebibytes"],
  GiB: ["gibibyte", "gibibytes"],
  Mbps: ["megabit per second", "megabits per second"],
  W: ["watt", "watts"],
  kW: ["kilowatt", "kilowatts"],
  kWh: ["kilowatt hour", "kilowatt hours"],
  V: ["volt", "volts"],
  px: ["pixel", "pixels"],
  dB: ["decibel", "decibels"],
  mph: ["mile per hour", "miles per hour"],
  "°C": ["degree Celsius", "degrees Celsius"],
  "°F": ["degree Fahrenheit", "degrees Fahrenheit"],
  "°": ["degree", "degrees"],
};
const byLength = (words: string[]): string =>
  words
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[$°]/g, "\\$&"))
    .join("|");

const BEFORE = new RegExp(
  `(${byLength(Object.keys(MONEY))})\\s?${NUMBER}(?:\\s?(k|mn?|bn?|tn|thousand|million|billion|trillion)\\b)?`,
  "gi",
);
const AFTER = new RegExp(`\\b${NUMBER}\\s?(€|${byLength(Object.keys(CODES))})(?!\\w)`, "g");
const MEASURE = new RegExp(
  `${NUMBER}\\s?(${byLength(Object.keys(UNITS))})(²|³|\\^2|\\^3)?(?:/(${byLength(Object.keys(UNITS))}))?(?![\\w°])`,
  "g",
);
const POWERS: Record<string, string> = { "²": "square ", "^2": "square ", "³": "cubic ", "^3": "cubic " };

/** Replaces sums of money: $12.50, €3 million, 20 EUR. */
export function money(text: string): string {
  return text
    .replace(BEFORE, (_, sign: string, number: string, large?: string) =>
      sum(sign.toUpperCase(), number, large),
    )
    .replace(AFTER, (_, number: string, code: string) => sum(CODES[code] ?? code, number));
}

function sum(sign: string, number: string, large?: string): string {
  const [one, many, part] = MONEY[sign] as [string, string, string?];
  if (large) return `${decimal(number)} ${LARGE[large.toLowerCase()] ?? large.toLowerCase()} ${many}`;
  const [whole = "0", fraction = ""] = number.split(".");
  if (!part || (fraction !== "" && fraction.length !== 2)) return `${decimal(number)} ${many}`;
  const [units, parts] = [Number(whole.replaceAll(",", "")), Number(fraction)];
  const said = `${cardinal(whole)} ${units === 1 ? one : many}`;
  if (parts === 0) return said;
  const rest = `${cardinal(String(parts))} ${parts === 1 ? part : part === "penny" ? "pence" : part === "paisa" ? "paise" : `${part}s`}`;
  return units === 0 ? rest : `${said} and ${rest}`;
}

/** Replaces measures: 5 km, 3.5GHz, 20 °C, 10 m/s, 4 m². */
export function measures(text: string): string {
  return text.replace(MEASURE, (_, number: string, unit: string, power?: string, per?: string) => {
    const [one, many] = UNITS[unit] as [string, string];
    const said = `${decimal(number)} ${power ? POWERS[power] : ""}${number === "1" ? one : many}`;
    return per ? `${said} per ${(UNITS[per] as [string, string])[0]}` : said;
  });
}
