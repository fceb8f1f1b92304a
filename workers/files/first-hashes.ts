/**
 * What came first: the hashes of files of which nobody publishes one, as their first whole download had them. They
 * outlive the files, so that the next download is the same one or is called another.
 */
import { AlcoveError } from "../wire/errors.ts";
import { type Directory, openDirectory, readJson, removeFile, writeJson } from "./opfs.ts";

/** SHA-256 in hex by the files' names. */
type Hashes = Readonly<Record<string, string>>;

export class FirstHashes {
  readonly #open: () => Promise<Directory | undefined>;
  #folder: Promise<Directory | undefined> | undefined;
  readonly #memory = new Map<string, Hashes>();

  constructor(open: () => Promise<Directory | undefined> = () => openDirectory("checksums")) {
    this.#open = open;
  }

  /** Of the files kept under `key`. */
  async get(key: string): Promise<Hashes> {
    const folder = await this.#directory();
    return (folder ? await readJson<Hashes>(folder, key) : this.#memory.get(key)) ?? {};
  }

  async #set(key: string, hashes: Hashes): Promise<void> {
    const folder = await this.#directory();
    if (folder) await writeJson(folder, key, hashes);
    else this.#memory.set(key, hashes);
  }

  /** Whatever comes next is the first. */
  async forget(key: string): Promise<void> {
    const folder = await this.#directory();
    if (folder) await removeFile(folder, key);
    else this.#memory.delete(key);
  }

  /** As {@link compare}, and remembers a file that is the first. */
  async check(key: string, name: string, sha256: string): Promise<void> {
    await this.compare(key, name, sha256);
    const hashes = await this.get(key);
    if (hashes[name] === undefined) await this.#set(key, { ...hashes, [name]: sha256 });
  }

  /**
   * Compares a file that came with the first one, if there was one.
   * @throws AlcoveError `integrity`
   */
  async compare(key: string, name: string, sha256: string): Promise<void> {
    const first = (await this.get(key))[name];
    if (first === undefined || first === sha256) return;
    throw new AlcoveError("integrity", "The server holds another file than the one that came first.", {
      action: "Its maker may have published a new version. Take it only if you trust where it comes from.",
      detail: `${name}: first ${first}, now ${sha256}`,
    });
  }

  #directory(): Promise<Directory | undefined> {
    this.#folder ??= this.#open();
    return this.#folder;
  }
}
