/**
 * Prompts that were computed, kept on the device: which there are, for which conversation, and for how long.
 * llama.cpp itself writes and reads the files (engines/llamacpp/slot_file.cpp). Beside each lies a record, which is
 * written last and taken away first, so that a half-written file, or one that brought llama.cpp down, is not read.
 */
import { KEPT_PROMPTS } from "../files/kept-prompts.ts";
import { type Directory, findFile, openDirectory, readJson, removeFile, writeJson } from "../files/opfs.ts";

/** Of all files together; the oldest go first. */
const MOST_BYTES = 256 << 20;
/** Of one of them. */
export const LARGEST_BYTES = MOST_BYTES / 2;
const RECORD = ".json";

/** Whose prompt it is: both as hashes that hold the model too. */
export interface Prompt {
  /** Its system prompt, its tools and what was said first. */
  conversation: string;
  /** Its system prompt and its tools alone. */
  opening: string;
}

interface PromptRecord {
  opening: string;
  bytes: number;
  /** Milliseconds since 1970. */
  used: number;
}

/** Moves a prompt between llama.cpp and the file of that name; the number of its tokens, or undefined: it failed. */
type Move = (name: string) => Promise<number | undefined>;

export class KeptPromptFiles {
  readonly #open: () => Promise<Directory | undefined>;

  /** @param open gives the folder, which anybody may have deleted; undefined where the browser keeps no files */
  constructor(open = () => openDirectory(KEPT_PROMPTS)) {
    this.#open = open;
  }

  /**
   * Hands what is kept of `prompt` to `restore`. Returns whether it was restored.
   * @param similar whether that of another conversation will do, which opens as this one
   */
  async bring({ conversation, opening }: Prompt, similar: boolean, restore: Move): Promise<boolean> {
    const folder = await this.#open();
    if (!folder) return false;
    const records = await readRecords(folder);
    const own = records.find(([name]) => name === conversation);
    const other = similar ? records.find(([, record]) => record.opening === opening) : undefined;
    const [name, record] = own ?? other ?? [];
    if (name === undefined || record === undefined) return false;
    await removeFile(folder, name + RECORD);
    const whole = (await findFile(folder, name))?.size === record.bytes;
    if (!whole || (await restore(name)) === undefined) {
      await removeFile(folder, name);
      return false;
    }
    await writeJson(folder, name + RECORD, { ...record, used: Date.now() } satisfies PromptRecord);
    return true;
  }

  /**
   * Lets `save` write `prompt`, in place of what was kept of it, and drops the oldest beyond the bound.
   * @returns its bytes, whether it was kept or too large
   */
  async keep({ conversation, opening }: Prompt, save: Move): Promise<number> {
    const folder = await this.#open();
    if (!folder) return 0;
    await removeFile(folder, conversation + RECORD);
    const saved = await save(conversation);
    const bytes = (await findFile(folder, conversation))?.size ?? 0;
    if (saved === undefined || bytes > LARGEST_BYTES) {
      await removeFile(folder, conversation);
      return bytes;
    }
    await writeJson(folder, conversation + RECORD, {
      opening,
      bytes,
      used: Date.now(),
    } satisfies PromptRecord);
    let room = MOST_BYTES;
    for (const [name, record] of await readRecords(folder)) {
      room -= record.bytes;
      if (room < 0) for (const ending of [RECORD, ""]) await removeFile(folder, name + ending);
    }
    return bytes;
  }

  async clear(): Promise<void> {
    const folder = await this.#open();
    if (!folder) return;
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    for (const name of names) await removeFile(folder, name);
  }
}

/** Those that are whole, the latest first. */
async function readRecords(folder: Directory): Promise<[name: string, PromptRecord][]> {
  const found: [string, PromptRecord][] = [];
  for await (const name of folder.keys()) {
    const record = name.endsWith(RECORD) ? await readJson<PromptRecord>(folder, name) : undefined;
    if (record) found.push([name.slice(0, -RECORD.length), record]);
  }
  return found.sort(([, a], [, b]) => b.used - a.used);
}
