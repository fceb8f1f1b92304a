/** What lies on the device and what moves, in plain words. */
import type { Download, ImportReport, ModelEntry, StorageKind } from "../../sdk/index.ts";
import { bytesOf, percent, size } from "../kit/format.ts";
import { locale } from "../kit/language.ts";
import { words } from "../kit/words.ts";

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

export const w = words("storage", {
  looking: "Looking at what lies here…",
  drop: "Drop models or conversations here",
  models: "Models on this device",
  noModels: "None yet. The first one comes with your first message.",
  delete: "Delete",
  deleteIt: "Delete {name}",

  onDevice: "{size} on this device",
  kept: "The browser keeps all of this, even when the disk is full.",
  notKept: "When the disk is full, the browser may clear all of this without asking.",
  refused: "It would not promise to keep it: use Alcove a while, or add it to your bookmarks, and ask again.",
  keepIt: "Keep it",
  askAgain: "Ask again",
  room: "{free} of {quota} free",
  roomUntold: "The browser does not tell how much room there is.",
  nothing: "nothing",

  short: "Room is getting short",
  rested: { one: "This model has rested the longest:", other: "These models have rested the longest:" },
  deleteRested: {
    one: "Delete it? That frees {size}.",
    other: "Delete these {count} models? That frees {size}.",
  },
  free: "Free {size}…",
  unused: "not used yet",
  used: "used {when}",

  inUse: "In use",
  pinned: "Pinned",
  justChecked: "Just checked: every byte is as it came.",
  deleteOwn:
    "Delete {name}? That frees {size}. It came from a file of yours: keep that file if you want it back.",
  deleteShipped: "Delete {name}? That frees {size}. It comes back from this site when it is needed.",
  deleteFetched: "Delete {name}? That frees {size}. You can download it again.",
  check: "Check",
  checkIt: "Check {name}",
  save: "Save a copy",
  saveIt: "Save a copy of {name}",
  pin: "Pin",
  pinIt: "Pin {name}",
  unpin: "Unpin",
  unpinIt: "Unpin {name}",

  add: "Add a model of your own",
  aboutAdding:
    "A GGUF file; with its projector (“mmproj”), one that sees; or all parts of one that was split. Or a Piper voice: its .onnx and its .onnx.json. Choose what belongs together at once, or drop it here. It is copied, and goes nowhere else.",
  chooseFiles: "Choose files",
  yourFiles: "your files",

  conversations: "Conversations",
  aboutConversations:
    "Keep them all in a file of your own, or bring them here from one that Alcove has exported. What is here stays.",
  exportAll: "Export all",
  forAmplifier: "For Amplifier",
  aboutAmplifier: "A zip for a home folder in which Amplifier’s command line works",
  packing: "Packing…",
  reading: "Reading…",
  import: "Import",
  came: { one: "One conversation came.", other: "{count} conversations came." },
  wereHere: {
    one: "One conversation was here already.",
    other: "{count} conversations were here already.",
  },
  notTaken: "“{title}” was not taken: {reason}",
  untitledNotTaken: "One without a title was not taken: {reason}",
  moreNotTaken: { one: "{count} more was not taken.", other: "{count} more were not taken." },
  noneInFile: "There is no conversation in this file.",

  downloads: "Downloads",
  downloadOf: "Download of {name}",
  goOn: "Go on",
  goOnWith: "Go on: {name}",
  againWith: "Try again: {name}",
  pause: "Pause",
  pauseIt: "Pause {name}",
  takeNew: "Take the new one",
  takeNewOf: "Take the new file of {name}",
  cancelIt: "Cancel {name}",
  elsewhere: "in another tab",
  queued: "Waits for its turn",
  failed: "Stopped",
  busy: "The server is busy; it goes on at {time}",
  downloading: "Downloading",
  secondsLeft: "a few seconds left",
  minuteLeft: "less than a minute left",
  minutesLeft: "about {minutes} min left",
  hoursLeft: "about {hours} h left",
  hoursMinutesLeft: "about {hours} h {minutes} min left",

  leftovers: "What else can go",
  damaged: "{size}, damaged: nothing loads it any more",
  unloadable: "{size}, nothing here can load it",
  unknown: "{size}, of no model that Alcove knows",
  half: "{size} of a download that did not end",
  prompts: "{size}; they tell what was said",
  deleteLost: "Delete this file of {name}?",
  deleteHalf: "Delete what came of {name}? Its download begins anew then.",
  deletePrompts:
    "Delete all kept prompts? Your conversations stay; the next answer in each begins a little later.",
  downloadAgain: "Download again",
  downloadItAgain: "Download {name} again",

  clear: "Clear everything",
  aboutClear:
    "Every conversation, model, document and setting goes, and Alcove itself: you need the network to open it again.",
  clearing: "Deleting…",
  clearAsk: "Delete all of it, for good? Nothing can bring it back.",
  clearYes: "Delete everything",
  clearButton: "Clear everything…",
});

export const kindNames = words("storage-kinds", {
  models: "Models",
  halves: "Unfinished downloads",
  conversations: "Conversations",
  agents: "Agents",
  documents: "Documents",
  keptPrompts: "Kept prompts",
  wheels: "Python packages",
  notes: "Notes",
  home: "Python’s home",
  app: "Alcove itself",
});

/** What each kind is, for somebody who wonders. */
export const kindWords = words("storage-about", {
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
});

export const paused = words("storage-paused", {
  person: "Paused",
  network: "No connection: it goes on by itself when there is one",
  closed: "Paused when the page was closed",
});

/** "4 kB", "98 MB": small things are told too. */
export function weight(bytes: number): string {
  if (bytes === 0) return w.nothing;
  if (bytes >= 999_500) return size(bytes);
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** "about 2 min left"; empty where nobody can tell. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 10) return w.secondsLeft;
  if (seconds < 60) return w.minuteLeft;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return w.minutesLeft({ minutes });
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? w.hoursMinutesLeft({ hours, minutes: minutes % 60 }) : w.hoursLeft({ hours });
}

/** Where a download is, in a line. */
export function downloadWords(download: Download, now = Date.now()): string {
  const { state, bytes, total, secondsLeft, why, waitsUntil, elsewhere } = download;
  const amount = total > 0 ? [percent(bytes / total), bytesOf(bytes, total)] : [];
  const where = elsewhere ? [w.elsewhere] : [];
  if (state === "queued") return [w.queued, ...where].join(" · ");
  if (state === "paused") return [paused[why ?? "person"], ...amount].join(" · ");
  if (state === "failed") return [w.failed, ...amount].join(" · ");
  if (waitsUntil !== undefined && waitsUntil > now) {
    const time = new Date(waitsUntil).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
    return [w.busy({ time }), ...amount].join(" · ");
  }
  const left = timeLeft(secondsLeft);
  return [w.downloading, ...amount, ...(left ? [left] : []), ...where].join(" · ");
}

const DAY = 86_400_000;

/** When a model was used last. */
export function usedWords({ lastUsed }: Pick<ModelEntry, "lastUsed">, now = Date.now()): string {
  if (!lastUsed) return w.unused;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.max(0, Math.ceil((midnight - lastUsed) / DAY));
  const when = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-days, "day");
  return w.used({ when });
}

/** Each of more is not told. */
const MOST_REFUSED = 5;

/** What became of files of conversations, a line each. */
export function importWords({ added, skipped, refused }: ImportReport): string[] {
  const lines: string[] = [];
  if (added.length) lines.push(w.came({ count: added.length }));
  if (skipped.length) lines.push(w.wereHere({ count: skipped.length }));
  for (const { title, reason } of refused.slice(0, MOST_REFUSED)) {
    lines.push(title ? w.notTaken({ title, reason }) : w.untitledNotTaken({ reason }));
  }
  const more = refused.length - MOST_REFUSED;
  if (more > 0) lines.push(w.moreNotTaken({ count: more }));
  return lines.length ? lines : [w.noneInFile];
}

/** How full what the browser allows is; empty where it does not tell. */
export function roomWords(usage: number | null, quota: number | null): string {
  if (usage === null || quota === null) return w.roomUntold;
  return w.room({ free: size(Math.max(0, quota - usage)), quota: size(quota) });
}

/** Below this much room, the page says what could go. */
const SHORT_BYTES = 500_000_000;

/** How many bytes are wanting for comfort; 0 where there is room enough, or nobody can tell. */
export function shortage(usage: number | null, quota: number | null): number {
  if (usage === null || quota === null) return 0;
  return Math.max(0, Math.min(SHORT_BYTES, quota / 4) - (quota - usage));
}
