/**
 * `OPFSStorage`: files of the page's own, by key, in a folder of the origin-private file system. Alcove's own models
 * are not among them: `ModelManager` has those.
 */
import { SDKError, SDKErrorCode } from "./errors.ts";

export interface StoredModelInfo {
  id: string;
  sizeBytes: number;
  /** Milliseconds since 1970. */
  lastModified: number;
}

export type MetadataMap = Record<string, { lastUsedAt: number; sizeBytes: number }>;

const FOLDER = "runanywhere";
/** No key is written so: keys are percent-encoded, and begin with "k". */
const METADATA = "metadata.json";
/** What Chromium writes to until a file is whole, which it lists among the others. */
const HALF = ".crswap";

export class OPFSStorage {
  #folder: FileSystemDirectoryHandle | undefined;

  static get isSupported(): boolean {
    return typeof navigator.storage?.getDirectory === "function";
  }

  get isAvailable(): boolean {
    return this.#folder !== undefined;
  }

  /** Whether there is such a file system here; to be called before anything else. */
  async initialize(): Promise<boolean> {
    try {
      const root = await navigator.storage.getDirectory();
      this.#folder = await root.getDirectoryHandle(FOLDER, { create: true });
    } catch {
      this.#folder = undefined; // private windows of some browsers
    }
    return this.isAvailable;
  }

  /** Takes the place of what was there only when it is whole. @throws SDKError `InsufficientStorage`, `FileWriteFailed` */
  async saveModel(key: string, data: ArrayBuffer | Uint8Array | Blob): Promise<void> {
    await this.saveModelFromStream(key, new Blob([data as BlobPart]).stream());
  }

  /** The same without holding it in memory. */
  async saveModelFromStream(key: string, stream: ReadableStream<Uint8Array>): Promise<void> {
    await this.#write(nameOf(key), stream);
  }

  async loadModel(key: string): Promise<ArrayBuffer | null> {
    return (await (await this.loadModelFile(key))?.arrayBuffer()) ?? null;
  }

  /** The file itself, of which nothing is read yet. */
  async loadModelFile(key: string): Promise<File | null> {
    return this.#file(nameOf(key));
  }

  async hasModel(key: string): Promise<boolean> {
    return (await this.loadModelFile(key)) !== null;
  }

  async getFileSize(key: string): Promise<number | null> {
    return (await this.loadModelFile(key))?.size ?? null;
  }

  /** One that is not there is deleted already. */
  async deleteModel(key: string): Promise<void> {
    await this.#open.removeEntry(nameOf(key)).catch(ignoreMissing);
  }

  async listModels(): Promise<StoredModelInfo[]> {
    const found: StoredModelInfo[] = [];
    for await (const [name, handle] of this.#open.entries()) {
      if (handle.kind !== "file" || name === METADATA || name.endsWith(HALF)) continue;
      // One that is deleted meanwhile is not there.
      const file = await (handle as FileSystemFileHandle).getFile().catch(ignoreMissing);
      if (file) found.push({ id: keyOf(name), sizeBytes: file.size, lastModified: file.lastModified });
    }
    return found;
  }

  /** Of the whole site, as the browser tells it. */
  async getStorageUsage(): Promise<{ usedBytes: number; quotaBytes: number }> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return { usedBytes: usage, quotaBytes: quota };
  }

  /** Deletes all of these files, and nothing of Alcove's. */
  async clearAll(): Promise<void> {
    for (const { id } of await this.listModels()) await this.deleteModel(id);
    await this.#open.removeEntry(METADATA).catch(ignoreMissing);
  }

  async saveMetadata(data: MetadataMap): Promise<void> {
    await this.#write(METADATA, new Blob([JSON.stringify(data)]).stream());
  }

  async loadMetadata(): Promise<MetadataMap> {
    try {
      return JSON.parse((await (await this.#file(METADATA))?.text()) ?? "{}");
    } catch {
      return {};
    }
  }

  get #open(): FileSystemDirectoryHandle {
    if (this.#folder) return this.#folder;
    throw new SDKError(SDKErrorCode.StorageError, "The storage is not open.", undefined, {
      action: "Call initialize() first; where it resolves to false, this browser keeps no files.",
    });
  }

  async #file(name: string): Promise<File | null> {
    const handle = await this.#open.getFileHandle(name).catch(ignoreMissing);
    return (await handle?.getFile()) ?? null;
  }

  async #write(name: string, stream: ReadableStream<Uint8Array>): Promise<void> {
    const folder = this.#open;
    const isNew = (await this.#file(name)) === null;
    try {
      const handle = await folder.getFileHandle(name, { create: true });
      // It takes the file's place when it is closed, and is dropped when the stream fails.
      await stream.pipeTo(await handle.createWritable());
    } catch (thrown) {
      if (isNew) await folder.removeEntry(name).catch(() => undefined);
      const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
      throw full
        ? new SDKError(SDKErrorCode.InsufficientStorage, "The browser has no room left for this file.")
        : new SDKError(SDKErrorCode.FileWriteFailed, "The file could not be written.", String(thrown));
    }
  }
}

/** Any text can be a key: no path comes of it. */
function nameOf(key: string): string {
  if (typeof key !== "string" || key === "") {
    throw new SDKError(SDKErrorCode.InvalidParameter, "The key is no text, or an empty one.");
  }
  return `k${encodeURIComponent(key)
    .replaceAll("*", "%2A")
    .replace(/\.(?=crswap$)/, "%2E")}`;
}

const keyOf = (name: string): string => decodeURIComponent(name.slice(1));

function ignoreMissing(thrown: unknown): undefined {
  if (thrown instanceof DOMException && thrown.name === "NotFoundError") return undefined;
  throw thrown;
}
