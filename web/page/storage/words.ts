/** What lies on the device and what moves, in plain words. */
import type { Download, ImportReport, ModelEntry, StorageKind } from "../../sdk/index.ts";
import { bytesOf, percent, size } from "../kit/format.ts";

/** Kinds in the order in which they are told. */
export const KINDS: readonly StorageKind[] = [
  "models",
  "halves",
  "conversations",
  "agents",
  "documents",
  "keptPrompts",
  "wheels",
  "notes",
  "home",
  "app",
];

export const KIND_NAMES: Readonly<Record<StorageKind, string>> = {
  models: "Models",
  halves: "Unfinished downloads",
  conversations: "Conversations",
  agents: "Agents",
  documents: "Documents",
  keptPrompts: "Kept prompts",
  wheels: "Python packages",
  notes: "Notes",
  home: "Python's home",
  app: "Alcove itself",
};

/** What each kind is, for somebody who wonders. */
export const KIND_WORDS: Readonly<Record<StorageKind, string>> = {
  models: "What answers, looks and compares",
  halves: "They go on where they ended",
  conversations: "What you and the models said",
  agents: "Those that you made or added",
  documents: "What you gave it to read",
  keptPrompts: "So that a conversation goes on at once after a reload",
  wheels: "What you installed into Python",
  notes: "What models kept with the tool of that name",
  home: "Conversations as Amplifier keeps them, and files of tools",
  app: "So that it opens without a network",
};

/** "4 kB", "98 MB": small things are told too. */
export function weight(bytes: number): string {
  if (bytes === 0) return "nothing";
  if (bytes >= 999_500) return size(bytes);
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** "about 2 min left"; empty where nobody can tell. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 10) return "a few seconds left";
  if (seconds < 60) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return `about ${hours} h ${minutes % 60 ? `${minutes % 60} min ` : ""}left`;
}

/** Where a download is, in a line. */
export function downloadWords(download: Download, now = Date.now()): string {
  const { state, bytes, total, secondsLeft, why, waitsUntil, elsewhere } = download;
  const amount = total > 0 ? [percent(bytes / total), bytesOf(bytes, total)] : [];
  const where = elsewhere ? ["in another tab"] : [];
  if (state === "queued") return ["Waits for its turn", ...where].join(" · ");
  if (state === "paused") return [PAUSED[why ?? "person"], ...amount].join(" · ");
  if (state === "failed") return ["Stopped", ...amount].join(" · ");
  if (waitsUntil !== undefined && waitsUntil > now) {
    const time = new Date(waitsUntil).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    return [`The server is busy; it goes on at ${time}`, ...amount].join(" · ");
  }
  const left = timeLeft(secondsLeft);
  return ["Downloading", ...amount, ...(left ? [left] : []), ...where].join(" · ");
}

const PAUSED: Readonly<Record<NonNullable<Download["why"]>, string>> = {
  person: "Paused",
  network: "No connection: it goes on by itself when there is one",
  closed: "Paused when the page was closed",
};

const DAY = 86_400_000;

/** When a model was used last. */
export function usedWords({ lastUsed }: Pick<ModelEntry, "lastUsed">, now = Date.now()): string {
  if (!lastUsed) return "not used yet";
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (lastUsed >= midnight) return "used today";
  if (lastUsed >= midnight - DAY) return "used yesterday";
  return `used ${Math.ceil((midnight - lastUsed) / DAY)} days ago`;
}

/** Each of more is not told. */
const MOST_REFUSED = 5;

/** What became of files of conversations, a line each. */
export function importWords({ added, skipped, refused }: ImportReport): string[] {
  const many = (count: number) => (count === 1 ? "One conversation" : `${count} conversations`);
  const lines: string[] = [];
  if (added.length) lines.push(`${many(added.length)} came.`);
  if (skipped.length)
    lines.push(`${many(skipped.length)} ${skipped.length === 1 ? "was" : "were"} here already.`);
  for (const { title, reason } of refused.slice(0, MOST_REFUSED)) {
    lines.push(`${title ? `“${title}”` : "One without a title"} was not taken: ${reason}`);
  }
  const more = refused.length - MOST_REFUSED;
  if (more > 0) lines.push(`${more} more ${more === 1 ? "was" : "were"} not taken.`);
  return lines.length ? lines : ["There is no conversation in this file."];
}

/** How full what the browser allows is; empty where it does not tell. */
export function roomWords(usage: number | null, quota: number | null): string {
  if (usage === null || quota === null) return "The browser does not tell how much room there is.";
  return `${size(Math.max(0, quota - usage))} of ${size(quota)} free`;
}

/** Below this much room, the page says what could go. */
const SHORT_BYTES = 500_000_000;

/** How many bytes are wanting for comfort; 0 where there is room enough, or nobody can tell. */
export function shortage(usage: number | null, quota: number | null): number {
  if (usage === null || quota === null) return 0;
  return Math.max(0, Math.min(SHORT_BYTES, quota / 4) - (quota - usage));
}
