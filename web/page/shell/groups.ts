/** How the list of conversations is parted: what is pinned, the folders, the days, and what is put away. */
import type { ConversationSummary } from "../../sdk/index.ts";
import { dayGroups } from "../kit/format.ts";
import { w } from "./words.ts";

export interface Group {
  /** Unique; a folder may be called as a day is. */
  key: string;
  kind: "pinned" | "folder" | "day" | "archived";
  title: string;
  rows: ConversationSummary[];
}

/** In the order in which they are listed; each conversation stands in one, and in each they keep their order. */
export function groupsOf(conversations: readonly ConversationSummary[], dayOf = dayGroups()): Group[] {
  const groups = new Map<string, Group>();
  for (const conversation of conversations) {
    const [kind, title] = placeOf(conversation, dayOf);
    const key = `${kind} ${title}`;
    const group = groups.get(key);
    if (group) group.rows.push(conversation);
    else groups.set(key, { key, kind, title, rows: [conversation] });
  }
  const all = [...groups.values()];
  const of = (kind: Group["kind"]) => all.filter((group) => group.kind === kind);
  const folders = of("folder").sort((one, other) => one.title.localeCompare(other.title));
  return [...of("pinned"), ...folders, ...of("day"), ...of("archived")];
}

function placeOf(
  { archived, pinned, folder, updated }: ConversationSummary,
  dayOf: (updated: string) => string,
): [Group["kind"], string] {
  if (archived) return ["archived", w.archived];
  if (pinned) return ["pinned", w.pinned];
  return folder ? ["folder", folder] : ["day", dayOf(updated)];
}

/** Names of all folders, also of those whose conversations are pinned or put away. */
export const foldersOf = (conversations: readonly ConversationSummary[]): string[] =>
  [...new Set(conversations.flatMap(({ folder }) => folder ?? []))].sort((one, other) =>
    one.localeCompare(other),
  );
