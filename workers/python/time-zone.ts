/** Time zones for Python, which has no data of them here (`py_app/tools/zones.py`). */
import { AlcoveError } from "../wire/errors.ts";

/**
 * The minutes by which the clocks of `zone` are before UTC at the time `at` (milliseconds since 1970), both this
 * device's where left out.
 * @throws AlcoveError `bad-request` for a zone that is none
 */
export function timeZone({ zone, at = Date.now() }: { zone?: string; at?: number }): {
  zone: string;
  offset: number;
} {
  const name = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const seconds = Math.floor(at / 1000);
  const parts = Object.fromEntries(
    clock(name)
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  const shown = new Date(0);
  shown.setUTCFullYear(parts.era === "BC" ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  shown.setUTCHours(Number(hour) % 24, Number(minute), Number(second));
  return { zone: name, offset: (shown.getTime() / 1000 - seconds) / 60 };
}

function clock(timeZone: string): Intl.DateTimeFormat {
  const part = "numeric";
  const fields = {
    year: part,
    month: part,
    day: part,
    hour: part,
    minute: part,
    second: part,
    era: "short",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, hour12: false, ...fields });
  } catch {
    throw new AlcoveError("bad-request", `There is no time zone "${timeZone}".`, {
      action: 'Write it as "Europe/Paris".',
    });
  }
}
