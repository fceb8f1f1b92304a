/** Figures, dates and endings in plain words. */

import { endings, format } from "./words/format.ts";
import { number } from "./words.ts";

const MB = 1_000_000;

/** "42 of 98 MB", "0.3 of 1.8 GB" */
export function bytesOf(loaded: number, total: number): string {
  const done = total >= 999.5 * MB ? number(loaded / (1000 * MB), 1) : number(Math.round(loaded / MB));
  return format.of({
    done,
    total: total >= 999.5 * MB ? size(total) : `${number(Math.round(total / MB))} MB`,
  });
}

/** "98 MB", "1.8 GB" */
export function size(bytes: number): string {
  if (bytes >= 999.5 * MB) return `${number(bytes / (1000 * MB), 1)} GB`;
  return `${number(Math.max(1, Math.round(bytes / MB)))} MB`;
}

export const percent = (fraction: number): string => `${number(Math.floor(Math.min(1, fraction) * 100))} %`;

export const seconds = (ms: number): string => `${number(ms / 1000, ms < 10_000 ? 1 : 0)} s`;

/** "40 ms", "1.3 s" */
export const took = (ms: number): string =>
  ms < 950 ? `${number(Math.max(1, Math.round(ms)))} ms` : seconds(ms);

export const speed = (tokensPerSecond: number): string =>
  format.speed({ rate: number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0) });

const DAY = 86_400_000;

/** Gives the heading under which a conversation is listed today: how many calendar days ago (ISO 8601) it was used. */
export function dayGroups(now = Date.now()): (updated: string) => string {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return (updated) => {
    const time = Date.parse(updated);
    if (time >= midnight) return format.today;
    if (time >= midnight - DAY) return format.yesterday;
    return time >= midnight - 7 * DAY ? format.week : format.earlier;
  };
}

/** How an answer ended that did not come to its own end, by its finish reason. */
export const ENDINGS: Readonly<Record<string, string>> = endings;
