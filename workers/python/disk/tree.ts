/** The files and folders of a disk, as Python sees them. */
import type { Content } from "./content.ts";

/** What Emscripten's file system holds of an entry once somebody looked at it. */
type NodeOf = object;

interface Named {
  name: string;
  parent: FolderEntry | null;
  /** Milliseconds since 1970. */
  modified: number;
  /** It lies on the disk, as far as is known here. */
  kept: boolean;
  node?: NodeOf;
}

export interface FileEntry extends Named {
  kind: "file";
  content: Content;
}

export interface FolderEntry extends Named {
  kind: "folder";
  entries: Map<string, Entry>;
}

export type Entry = FileEntry | FolderEntry;

export function folderEntry(name: string, parent: FolderEntry | null, kept: boolean): FolderEntry {
  return { kind: "folder", name, parent, modified: Date.now(), kept, entries: new Map() };
}

/** From the root, "" for the root itself. */
export function pathOf(entry: Entry): string {
  const names: string[] = [];
  for (let at: Entry = entry; at.parent; at = at.parent) names.unshift(at.name);
  return names.join("/");
}

export function find(root: FolderEntry, path: string): Entry | undefined {
  let at: Entry | undefined = root;
  for (const name of path ? path.split("/") : [])
    at = at?.kind === "folder" ? at.entries.get(name) : undefined;
  return at;
}

/** An entry and all that is in it. */
export function* within(entry: Entry): Generator<Entry> {
  yield entry;
  if (entry.kind === "folder") for (const each of entry.entries.values()) yield* within(each);
}
