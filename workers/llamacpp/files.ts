/**
 * The models that are on this device. Files are named by their hash; one that lies here was hashed when it
 * came, so a later look checks only that it is there and has its size.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { download, throttled } from "../shared/download.ts";
import type { LlamaCppModel, LoadProgress, ModelFile } from "../shared/engine.ts";
import { AlcoveError, toAlcoveError } from "../shared/errors.ts";
import { exclusively, needRoom } from "../shared/storage.ts";
import { checkModel, readGguf } from "./gguf.ts";
import { openDirectory } from "./opfs.ts";
import { DiskShelf, type KeptPart, MemoryShelf, type Shelf, type StoredFile } from "./shelf.ts";

type Tell = (progress: LoadProgress) => void;

/** `url` of a file that the person brought: there is nowhere to fetch it from. */
export const LOCAL = "local:";
const IMPORT_CONTEXT = 4096;
const PIECE = 4 << 20;

export class FileStore {
  #shelf: Promise<Shelf> | undefined;
  readonly #openShelf: () => Promise<Shelf>;

  /** @param openShelf where files lie; called once */
  constructor(openShelf: () => Promise<Shelf> = openBrowserShelf) {
    this.#openShelf = openShelf;
  }

  /**
   * The file, downloaded first where needed. Two tabs that want the same file wait for each other.
   * @param base absolute URL that a relative `file.url` starts from
   * @throws AlcoveError download-failed, integrity, quota, model-not-found, cancelled
   */
  async get(file: ModelFile, base: string, tell: Tell, signal: AbortSignal): Promise<Blob> {
    const shelf = await this.#open();
    const there = await shelf.find(file.sha256);
    if (there) return there;
    if (file.url.startsWith(LOCAL)) {
      throw new AlcoveError("model-not-found", "This model is not on this device any more.", {
        action: "Import the file again.",
      });
    }
    const url = new URL(file.url, base);
    const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? file.sha256);
    return exclusively(`file-${file.sha256}`, signal, async () => {
      const meanwhile = await shelf.find(file.sha256);
      if (meanwhile) return meanwhile;
      if (!(shelf instanceof MemoryShelf)) await needRoom(file.bytes);
      return withPart(shelf, file.sha256, async (part) => {
        await download(file, url, part, tell, signal);
        return part.finish({ name, bytes: file.bytes, sha256: file.sha256 });
      });
    });
  }

  /** Every file of `model`, as {@link get}. */
  async download(model: LlamaCppModel, base: string, tell: Tell, signal: AbortSignal): Promise<void> {
    for (const file of model.files) await this.get(file, base, tell, signal);
  }

  async stored(): Promise<StoredFile[]> {
    return (await this.#open()).list();
  }

  /** The ids of those of `models` whose files are all here. */
  async cached(models: LlamaCppModel[]): Promise<string[]> {
    const hashes = new Set((await this.stored()).map((file) => file.sha256));
    return models.filter(({ files }) => files.every((file) => hashes.has(file.sha256))).map(({ id }) => id);
  }

  async remove(model: LlamaCppModel): Promise<void> {
    const shelf = await this.#open();
    for (const { sha256: hash } of model.files) await shelf.remove(hash);
  }

  /**
   * Checks and copies a file of the person's.
   * @throws AlcoveError model-invalid, unsupported, quota, cancelled
   */
  async import(file: File, tell: Tell, signal: AbortSignal): Promise<LlamaCppModel> {
    const gguf = await readGguf(file);
    const facts = checkModel(gguf, file.size);
    const shelf = await this.#open();
    if (!(shelf instanceof MemoryShelf)) await needRoom(file.size);
    const report = throttled(tell);
    const digest = await withPart(shelf, `import-${crypto.randomUUID()}`, async (part) => {
      const hash = sha256.create();
      while (part.bytes < file.size) {
        if (signal.aborted) throw new AlcoveError("cancelled", "The import was stopped.");
        const piece = new Uint8Array(await file.slice(part.bytes, part.bytes + PIECE).arrayBuffer());
        hash.update(piece);
        part.append(piece);
        report({ stage: "verifying", bytes: part.bytes, total: file.size });
      }
      const sha = bytesToHex(hash.digest());
      await part.finish({ name: file.name, bytes: file.size, sha256: sha });
      return sha;
    });
    return {
      id: `local-${digest.slice(0, 12)}`,
      name: facts.name || file.name,
      engine: "llamacpp",
      family: facts.architecture,
      license: String(gguf.metadata.get("general.license") ?? "unknown"),
      context: Math.min(IMPORT_CONTEXT, facts.context || IMPORT_CONTEXT),
      system: "",
      files: [{ url: LOCAL + file.name, bytes: file.size, sha256: digest }],
    };
  }

  #open(): Promise<Shelf> {
    this.#shelf ??= this.#openShelf();
    return this.#shelf;
  }
}

async function openBrowserShelf(): Promise<Shelf> {
  const folder = await openDirectory("models");
  return folder ? new DiskShelf(folder) : new MemoryShelf();
}

async function withPart<T>(shelf: Shelf, key: string, use: (part: KeptPart) => Promise<T>): Promise<T> {
  let part: KeptPart;
  try {
    part = await shelf.part(key);
  } catch (thrown) {
    throw toAlcoveError(thrown, "busy");
  }
  try {
    return await use(part);
  } catch (thrown) {
    throw toAlcoveError(thrown);
  } finally {
    part.close();
  }
}
