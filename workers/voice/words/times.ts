/** Dates and times of day as they are said in American English. */
import { cardinal, ordinal, year } from "./numbers.ts";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const NAMES = MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join("|") + "|Sept\\.?";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
const YEAR = "(?:,?\\s+(\\d{4})\\b)?";

const monthCalled = (text: string): string =>
  MONTHS.find((name) => name.toLowerCase().startsWith(text.slice(0, 3).toLowerCase())) ?? text;

function date(month: string | undefined, day: string, of: string | undefined): string | undefined {
  if (!month || Number(day) < 1 || Number(day) > 31) return undefined;
  return `${month} ${ordinal(String(Number(day)))}${of ? `, ${year(of)}` : ""}`;
}

/** A date as machines write it, and the time of day behind it. */
const ISO = /\b([12]\d{3})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b/g;

/** Replaces dates: 2026-11-27, 11/27/2026, 27 Nov 2026, November 27th. */
export function dates(text: string): string {
  return text
    .replace(ISO, (all, of: string, month: string, day: string, time?: string) => {
      const said = date(MONTHS[Number(month) - 1], day, of);
      return said ? said + (time ? ` at ${time}` : "") : all;
    })
    .replace(
      /\b(\d{1,2})[/.](\d{1,2})[/.]([12]\d{3})\b/g,
      (all, first: string, second: string, of: string) => {
        const [month, day] = Number(first) > 12 ? [second, first] : [first, second];
        return date(MONTHS[Number(month) - 1], day, of) ?? all;
      },
    )
    .replace(new RegExp(`\\b${DAY}\\s+(?:of\\s+)?(${NAMES})(?![\\w])${YEAR}`, "g"), (all, day, name, of) =>
      name === "May" && !of ? all : (date(monthCalled(name), day, of) ?? all),
    )
    .replace(
      new RegExp(`\\b(${NAMES})\\s+${DAY}\\b(?![:.]\\d)${YEAR}`, "g"),
      (all, name, day, of) => date(monthCalled(name), day, of) ?? all,
    );
}

/** Replaces times of day, and how long something took: 3:05 pm, 15:30, 7am, 1:02:03. */
export function times(text: string): string {
  return text
    .replace(/(\d{1,2}:\d{2})\s?[–—-]\s?(?=\d{1,2}:\d{2})/g, "$1 to ")
    .replace(
      /\b(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.\d+)?(Z\b)?/g,
      (_, hours: string, minutes: string, seconds: string) =>
        [several(hours, "hour"), several(minutes, "minute"), several(seconds, "second")].join(" "),
    )
    .replace(
      /\b([01]?\d|2[0-4]):([0-5]\d)\s*(?:([ap])\.?m\b(?:\.(?=\s+[a-z\d]))?)?/gi,
      (all, hour: string, minute: string, half?: string) => {
        const end = /\s$/.test(all) ? " " : "";
        const hours = cardinal(String(Number(hour)));
        if (half) return `${hours}${minutes(minute)} ${half.toUpperCase()} M${end}`;
        if (Number(minute) > 0) return hours + minutes(minute) + end;
        return Number(hour) > 12 || Number(hour) === 0 ? `${hours} hundred${end}` : `${hours} o'clock${end}`;
      },
    )
    .replace(/\b(1[0-2]|[1-9])\s?([ap])\.?m\b(?:\.(?=\s+[a-z\d]))?/gi, (_, hour: string, half: string) => {
      return `${cardinal(hour)} ${half.toUpperCase()} M`;
    });
}

const minutes = (text: string): string =>
  Number(text) === 0 ? "" : ` ${text.startsWith("0") ? `oh ${cardinal(text.slice(1))}` : cardinal(text)}`;

const several = (text: string, unit: string): string =>
  `${cardinal(String(Number(text)))} ${unit}${Number(text) === 1 ? "" : "s"}`;
