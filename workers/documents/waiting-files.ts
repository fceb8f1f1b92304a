/** Files that were added, until their text is read: so that reading them goes on after a crash or in another tab. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { DOCUMENTS } from "../files/document-files.ts";
import { sha256 } from "../files/sha256.ts";
import { AlcoveError } from "../wire/errors.ts";

const FOLDER = "files";
const PIECE = 4 << 20;

export class WaitingFiles {
  /** Where nothing is kept on the disk. */
  readonly #held = new Map<string, Blob>();
  readonly #persistent: boolean;

  constructor(persistent: boolean) {
    this.#persistent = persistent;
  }

  /**
   * Copies a file under a name, and returns its SHA-256 in hex. Where it fails nothing is left.
   * @throws AlcoveError `quota`, `cancelled`, `bad-request` for a file that cannot be read any more
   */
  async keep(
    name: string,
    file: Blob,
    onCopied: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const hash = sha256();
    const folder = await this.#folder();
    const handle = await folder?.getFileHandle(name, { create: true });
    const disk = await handle?.createSyncAccessHandle();
    let whole = false;
    try {
      disk?.truncate(0);
      for (let at = 0; at < file.size; at += PIECE) {
        if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
        const bytes = new Uint8Array(await readable(file.slice(at, at + PIECE)));
        hash.update(bytes);
        if (disk && disk.write(bytes, { at }) < bytes.length) throw full(file.size);
        onCopied(at + bytes.length);
      }
      disk?.flush();
      whole = true;
    } catch (thrown) {
      throw thrown instanceof DOMException && thrown.name === "QuotaExceededError" ? full(file.size) : thrown;
    } finally {
      disk?.close();
      if (!whole) await this.drop(name);
    }
    if (!disk) this.#held.set(name, file);
    return bytesToHex(hash.digest());
  }

  async rename(from: string, to: string): Promise<void> {
    const folder = await this.#folder();
    const handle = await folder?.getFileHandle(from);
    await (handle as { move(name: string): Promise<void> } | undefined)?.move(to);
    const held = this.#held.get(from);
    if (held) this.#held.set(to, held);
    this.#held.delete(from);
  }

  /** Undefined where it is gone. */
  async find(name: string): Promise<Blob | undefined> {
    const handle = await (await this.#folder())?.getFileHandle(name).catch(() => undefined);
    return (await handle?.getFile()) ?? this.#held.get(name);
  }

  async drop(name: string): Promise<void> {
    this.#held.delete(name);
    await (await this.#folder())?.removeEntry(name).catch(() => undefined);
  }

  /** Drops all but the wanted: what a crash or a removed document left. */
  async sweep(wanted: (name: string) => boolean): Promise<void> {
    const folder = await this.#folder();
    const names: string[] = [];
    for await (const name of folder?.keys() ?? []) names.push(name);
    for (const name of [...names, ...this.#held.keys()]) if (!wanted(name)) await this.drop(name);
  }

  async #folder(): Promise<FileSystemDirectoryHandle | undefined> {
    if (!this.#persistent) return undefined;
    const root = await navigator.storage.getDirectory();
    const own = await root.getDirectoryHandle(DOCUMENTS, { create: true });
    return own.getDirectoryHandle(FOLDER, { create: true });
  }
}

async function readable(piece: Blob): Promise<ArrayBuffer> {
  try {
    return await piece.arrayBuffer();
  } catch (thrown) {
    throw new AlcoveError("bad-request", "This file cannot be read.", {
      action: "It may have been moved or changed: choose it again.",
      detail: String(thrown),
    });
  }
}

const full = (bytes: number): AlcoveError =>
  new AlcoveError("quota", "The browser has no room left for this file.", { bytes });
