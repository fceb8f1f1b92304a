/** Figures, dates and endings in plain words. */

const MB = 1_000_000;

/** "42 of 98 MB", "0.3 of 1.8 GB" */
export function bytesOf(loaded: number, total: number): string {
  if (total >= 999.5 * MB) return `${(loaded / (1000 * MB)).toFixed(1)} of ${size(total)}`;
  return `${Math.round(loaded / MB)} of ${Math.round(total / MB)} MB`;
}

/** "98 MB", "1.8 GB" */
export function size(bytes: number): string {
  if (bytes >= 999.5 * MB) return `${(bytes / (1000 * MB)).toFixed(1)} GB`;
  return `${Math.max(1, Math.round(bytes / MB))} MB`;
}

export const percent = (fraction: number): string => `${Math.floor(Math.min(1, fraction) * 100)} %`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** "40 ms", "1.3 s" */
export const took = (ms: number): string => (ms < 950 ? `${Math.max(1, Math.round(ms))} ms` : seconds(ms));

export const speed = (tokensPerSecond: number): string =>
  `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} tokens/s`;

const DAY = 86_400_000;

/** Gives the heading under which a conversation is listed today: how many calendar days ago (ISO 8601) it was used. */
export function dayGroups(now = Date.now()): (updated: string) => string {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return (updated) => {
    const time = Date.parse(updated);
    if (time >= midnight) return "Today";
    if (time >= midnight - DAY) return "Yesterday";
    return time >= midnight - 7 * DAY ? "Last 7 days" : "Earlier";
  };
}

/** How an answer ended that did not come to its own end, by its finish reason. */
export const ENDINGS: Readonly<Record<string, string>> = {
  cancelled: "Stopped",
  error: "Not finished",
  length: "Stopped at the length limit",
  interrupted: "Broken off",
  content_filter: "Held back by the server",
};
