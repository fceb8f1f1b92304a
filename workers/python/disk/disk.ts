/**
 * A folder of the disk that Python has as a part of its file system. Python reads and writes at once; what it changed is
 * written to the disk soon afterwards, each file as a whole: one that was replaced is the old one or the new one, whatever
 * happens meanwhile. Where another tab, or somebody's editor, changed the same file, the last one written stays; what is
 * written behind a file comes behind whatever stands there.
 */
import { whileItAnswers } from "../../files/silence.ts";
import { Content, type ReadBlob, type Unkept } from "./content.ts";
import { type Entry, type FileEntry, type FolderEntry, find, folderEntry, pathOf, within } from "./tree.ts";

type Handle = FileSystemDirectoryHandle;
/** See {@link whileItAnswers}. */
type Beat = () => void;

/** Of one disk; the rest is left out. */
const MOST_ENTRIES = 50_000;
/** So many files are asked for at once. */
const AT_ONCE = 64;
const FOLDERS_AT_ONCE = 16;
/** What Chromium writes into before it takes the place of a file; a killed tab leaves it. */
const HALF = /\.crswap$/;

interface DiskOptions {
  readBlob: ReadBlob;
  /** Called when there is something to be kept. */
  onChange(): void;
  /** Called with the paths that were written to the disk. */
  onKept?(paths: readonly string[]): void;
  /** An entry is gone: somebody else took it away. */
  onGone?(entry: Entry): void;
}

export class Disk {
  readonly root: FolderEntry = folderEntry("", null, true);
  /** Nothing may be written. */
  readonly readOnly: boolean;
  /** Not all of it is here: there are too many entries. */
  cut = false;
  readonly #open: () => Promise<Handle>;
  readonly #options: DiskOptions;
  /** Paths of what is to be kept. */
  #changed = new Set<string>();
  #entries = 0;

  constructor(open: () => Promise<Handle>, readOnly: boolean, options: DiskOptions) {
    this.#open = open;
    this.readOnly = readOnly;
    this.#options = options;
  }

  get waits(): boolean {
    return this.#changed.size > 0;
  }

  // --- what Python does -----------------------------------------------------------------------------------

  add(parent: FolderEntry, name: string, kind: Entry["kind"]): Entry {
    const entry: Entry = kind === "folder" ? folderEntry(name, parent, false) : this.#file(name, parent);
    this.#put(parent, entry);
    this.changed(entry);
    return entry;
  }

  /** Python has changed what it holds. */
  changed(entry: Entry): void {
    entry.modified = Date.now();
    this.#note(pathOf(entry));
  }

  remove(entry: Entry): void {
    const path = pathOf(entry);
    this.#take(entry);
    this.#note(path);
  }

  /** @throws TooLarge for what is too large to be moved */
  move(entry: Entry, parent: FolderEntry, name: string): void {
    // On the disk it is written anew in its new place: what lies in the old one goes.
    for (const each of within(entry)) if (each.kind === "file") each.content.hold();
    const there = parent.entries.get(name);
    if (there) this.#take(there);
    for (const each of within(entry)) this.#note(pathOf(each));
    this.remove(entry);
    entry.name = name;
    entry.parent = parent;
    this.#put(parent, entry);
    for (const each of within(entry)) {
      each.kept = false;
      this.#note(pathOf(each));
    }
  }

  #note(path: string): void {
    this.#changed.add(path);
    this.#options.onChange();
  }

  #file(name: string, parent: FolderEntry, kept?: File): FileEntry {
    const content = new Content(this.#options.readBlob, kept);
    const modified = kept?.lastModified ?? Date.now();
    return { kind: "file", name, parent, modified, kept: kept !== undefined, content };
  }

  #put(parent: FolderEntry, entry: Entry): void {
    parent.entries.set(entry.name, entry);
    parent.modified = Date.now();
  }

  #take(entry: Entry): void {
    const { parent, name } = entry;
    if (parent?.entries.get(name) !== entry) return;
    parent.entries.delete(name);
    parent.modified = Date.now();
  }

  // --- what lies on the disk ------------------------------------------------------------------------------

  /** Looks at all of it. @throws DOMException where it cannot be read at all, SilentDisk */
  look(): Promise<void> {
    return whileItAnswers(async (beat) => {
      this.#entries = 0;
      this.cut = false;
      await this.#lookInto(await this.#open(), this.root, beat);
    });
  }

  async #lookInto(handle: Handle, folder: FolderEntry, beat: Beat): Promise<void> {
    const seen = new Set<string>();
    const folders: [Handle, FolderEntry][] = [];
    let files: FileSystemFileHandle[] = [];
    for await (const each of handle.values()) {
      beat();
      if (HALF.test(each.name)) continue;
      if (this.#entries >= MOST_ENTRIES) {
        this.cut = true;
        break;
      }
      this.#entries += 1;
      seen.add(each.name);
      if (each.kind === "directory") folders.push([each as Handle, this.#folderAt(folder, each.name)]);
      else files.push(each as FileSystemFileHandle);
      if (files.length < AT_ONCE) continue;
      await this.#takeFiles(folder, files, beat);
      files = [];
    }
    await this.#takeFiles(folder, files, beat);
    if (!this.cut)
      for (const each of [...folder.entries.values()]) if (!seen.has(each.name)) this.#lost(each);
    for (let at = 0; at < folders.length; at += FOLDERS_AT_ONCE) {
      const some = folders.slice(at, at + FOLDERS_AT_ONCE);
      await Promise.all(some.map(([inner, entry]) => this.#lookInto(inner, entry, beat).catch(ignoreGone)));
    }
  }

  #folderAt(parent: FolderEntry, name: string): FolderEntry {
    const there = parent.entries.get(name);
    if (there?.kind === "folder") {
      there.kept = true;
      return there;
    }
    const entry = folderEntry(name, parent, true);
    // What Python has put in its place since stays.
    if (there && this.#isChanged(there)) return entry;
    if (there) this.#lost(there);
    // Nor does one come back that Python has taken away.
    if (!this.#changed.has(pathOf(entry))) this.#put(parent, entry);
    return entry;
  }

  async #takeFiles(parent: FolderEntry, handles: FileSystemFileHandle[], beat: Beat): Promise<void> {
    const files = await Promise.all(handles.map((each) => each.getFile().catch(() => null)));
    beat();
    for (const file of files) if (file) this.#takeFile(parent, file);
  }

  #takeFile(parent: FolderEntry, file: File): void {
    const there = parent.entries.get(file.name);
    if (there?.kind === "file" && there.content.is(file)) return;
    const path = [pathOf(parent), file.name].filter(Boolean).join("/");
    if (this.#changed.has(path) || (there && this.#isChanged(there))) return;
    if (there?.kind === "file") {
      // Who has it open goes on with what is there now.
      there.content = new Content(this.#options.readBlob, file);
      there.modified = file.lastModified;
      there.kept = true;
      return;
    }
    if (there) this.#lost(there);
    this.#put(parent, this.#file(file.name, parent, file));
  }

  #isChanged(entry: Entry): boolean {
    const path = pathOf(entry);
    return [...this.#changed].some((each) => each === path || each.startsWith(`${path}/`));
  }

  /** Somebody else took it away. What is only here stays. */
  #lost(entry: Entry): void {
    if (!entry.kept || (entry.kind === "file" && this.#isChanged(entry))) return;
    if (entry.kind === "folder") for (const each of [...entry.entries.values()]) this.#drop(each);
    this.#drop(entry);
  }

  /** Takes an entry away that the disk no longer has, with what waits to be kept of it. */
  #drop(entry: Entry): void {
    for (const each of [...within(entry)].reverse()) {
      this.#changed.delete(pathOf(each));
      this.#options.onGone?.(each);
    }
    this.#take(entry);
  }

  /** Looks at what somebody else has changed. */
  refresh(paths: readonly string[]): Promise<void> {
    return whileItAnswers(async (beat) => {
      const root = await this.#open();
      for (const path of paths) await this.#refreshOne(root, path, beat).catch(ignoreGone);
    });
  }

  async #refreshOne(root: Handle, path: string, beat: Beat): Promise<void> {
    const names = path.split("/");
    const name = names.pop() as string;
    let handle = root;
    let folder = this.root;
    for (const each of names) {
      handle = await handle.getDirectoryHandle(each);
      beat();
      folder = this.#folderAt(folder, each);
    }
    const found = await (await handle.getFileHandle(name).catch(() => null))?.getFile();
    beat();
    if (found) return this.#takeFile(folder, found);
    const inner = await handle.getDirectoryHandle(name).catch(() => null);
    beat();
    if (inner) return this.#lookInto(inner, this.#folderAt(folder, name), beat);
    const there = folder.entries.get(name);
    if (there) this.#lost(there);
  }

  /**
   * Writes to the disk what Python has changed. What cannot be written waits for the next time.
   * @throws what the first of them failed with; SilentDisk
   */
  async keep(): Promise<void> {
    if (!this.waits) return;
    const left = this.#changed;
    const written: string[] = [];
    this.#changed = new Set();
    try {
      await whileItAnswers((beat) => this.#keepAll(left, written, beat));
    } finally {
      for (const path of left) this.#changed.add(path);
      if (written.length) this.#options.onKept?.(written);
    }
  }

  /** What need not be tried again goes out of `left`. */
  async #keepAll(left: Set<string>, written: string[], beat: Beat): Promise<void> {
    const root = await this.#open();
    const paths = [...left].sort();
    const failures: unknown[] = [];
    // What is there first: what was moved lies twice for a moment, and never nowhere.
    const here = paths.filter((path) => find(this.root, path));
    // What is in a folder goes before it does.
    const gone = paths.filter((path) => !here.includes(path)).reverse();
    for (const path of [...here, ...gone]) {
      beat();
      try {
        await this.#keepOne(root, path, beat);
        written.push(path);
        left.delete(path);
      } catch (thrown) {
        failures.push(thrown);
        // A name that the disk does not take will be no better the next time.
        if (thrown instanceof TypeError) left.delete(path);
      }
    }
    if (failures.length) throw failures[0];
  }

  async #keepOne(root: Handle, path: string, beat: Beat): Promise<void> {
    const entry = find(this.root, path);
    if (!entry) return this.#erase(root, path);
    const folder = await this.#handleOf(root, entry.kind === "folder" ? entry : (entry.parent ?? this.root));
    // Somebody else took the folder away, and all that was in it.
    if (folder && entry.kind === "file") await this.#write(folder, entry, beat);
  }

  /** Made where it is new; undefined where it lay on the disk and does no more. */
  async #handleOf(root: Handle, folder: FolderEntry): Promise<Handle | undefined> {
    if (!folder.parent) return root;
    const parent = await this.#handleOf(root, folder.parent);
    if (!parent) return undefined;
    try {
      const handle = await parent.getDirectoryHandle(folder.name, { create: !folder.kept });
      folder.kept = true;
      return handle;
    } catch (thrown) {
      if (isNamed(thrown, "NotFoundError") && folder.kept) {
        this.#drop(folder);
        return undefined;
      }
      if (!isNamed(thrown, "TypeMismatchError")) throw thrown;
      await parent.removeEntry(folder.name);
      folder.kept = false;
      return this.#handleOf(root, folder);
    }
  }

  async #write(folder: Handle, entry: FileEntry, beat: Beat): Promise<void> {
    const unkept = entry.content.unkept();
    const handle =
      unkept.behind && entry.kept
        ? await folder.getFileHandle(entry.name).catch(ignoreGone)
        : await fileIn(folder, entry.name);
    // Somebody else took it away: what was to come behind it goes too.
    if (!handle) return this.#drop(entry);
    try {
      await writeTo(handle, unkept, beat);
    } catch (thrown) {
      // Nothing is better than an empty one.
      if (!entry.kept) await folder.removeEntry(entry.name).catch(() => undefined);
      throw thrown;
    }
    // One that comes too late knows no longer what became of the file.
    beat();
    entry.kept = true;
    if (!entry.content.keptAs(await handle.getFile(), unkept)) this.#note(pathOf(entry));
  }

  /** What nobody here has seen stays, and its folder with it: somebody else wrote it, or there is too much to see. */
  async #erase(root: Handle, path: string): Promise<void> {
    const names = path.split("/");
    const name = names.pop() as string;
    let handle = root;
    try {
      for (const each of names) handle = await handle.getDirectoryHandle(each);
      const inner = await handle.getDirectoryHandle(name).catch(ignoreGone);
      if (inner && (await holdsSome(inner))) return;
      await handle.removeEntry(name, { recursive: true });
    } catch (thrown) {
      ignoreGone(thrown);
    }
  }
}

/** What is there until it is closed stays until then. */
async function writeTo(handle: FileSystemFileHandle, { behind, bytes }: Unkept, beat: Beat): Promise<void> {
  const position = behind ? (await handle.getFile()).size : 0;
  const stream = await handle.createWritable({ keepExistingData: behind });
  try {
    await stream.write({ type: "write", position, data: bytes });
    beat();
  } catch (thrown) {
    await stream.abort().catch(() => undefined);
    throw thrown;
  }
  await stream.close();
}

async function fileIn(folder: Handle, name: string): Promise<FileSystemFileHandle> {
  try {
    return await folder.getFileHandle(name, { create: true });
  } catch (thrown) {
    if (!isNamed(thrown, "TypeMismatchError")) throw thrown;
    await folder.removeEntry(name, { recursive: true });
    return folder.getFileHandle(name, { create: true });
  }
}

async function holdsSome(folder: Handle): Promise<boolean> {
  for await (const name of folder.keys()) if (!HALF.test(name)) return true;
  return false;
}

const isNamed = (thrown: unknown, name: string): boolean =>
  thrown instanceof DOMException && thrown.name === name;

function ignoreGone(thrown: unknown): undefined {
  if (!isNamed(thrown, "NotFoundError") && !isNamed(thrown, "TypeMismatchError")) throw thrown;
}
