/**
 * The models that are on this device. Files are named by their hash, or by their address where a hub tells no
 * hash; one that lies here was checked when it came, so a later look checks only that it is there and has its size.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { LlamaCppModel, LoadProgress, ModelFile, Vision } from "../engine/contract.ts";
import { download, throttled } from "../files/download.ts";
import {
  DiskFileShelf,
  type FileShelf,
  type KeptPart,
  MemoryFileShelf,
  type StoredFile,
} from "../files/file-shelf.ts";
import { exclusively, needRoom } from "../files/locks.ts";
import { openDirectory } from "../files/opfs.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { checkModel, checkWeights, readGguf } from "./gguf.ts";
import { checkProjector } from "./projector.ts";

type Tell = (progress: LoadProgress) => void;

/** `url` of a file that the person brought: there is nowhere to fetch it from. */
export const LOCAL = "local:";
const IMPORT_CONTEXT = 4096;
/** What most models that see take well; nothing in the files says it. */
const IMPORT_VISION: Vision = { size: 512, fit: "keep" };
const PIECE = 4 << 20;

export class FileStore {
  #shelf: Promise<FileShelf> | undefined;
  readonly #openShelf: () => Promise<FileShelf>;

  /** @param openShelf where files lie; called once */
  constructor(openShelf: () => Promise<FileShelf> = openBrowserShelf) {
    this.#openShelf = openShelf;
  }

  /**
   * The file, downloaded first where needed. Two tabs that want the same file wait for each other.
   * @param base absolute URL that a relative `file.url` starts from
   * @throws AlcoveError download-failed, integrity, quota, model-not-found, cancelled
   */
  async get(file: ModelFile, base: string, tell: Tell, signal: AbortSignal): Promise<Blob> {
    const shelf = await this.#open();
    const key = keyOf(file, base);
    const there = await shelf.find(key);
    if (there) return there;
    if (file.url.startsWith(LOCAL)) {
      throw new AlcoveError("model-not-found", "This model is not on this device any more.", {
        action: "Import the file again.",
      });
    }
    const url = new URL(file.url, base);
    const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? key);
    const { sha256: hash } = file;
    return exclusively(`file-${key}`, signal, async () => {
      const meanwhile = await shelf.find(key);
      if (meanwhile) return meanwhile;
      if (!(shelf instanceof MemoryFileShelf)) await needRoom(file.bytes);
      const whole = await withPart(shelf, key, async (part) => {
        await download(
          hash === undefined ? {} : { bytes: file.bytes, sha256: hash },
          url,
          part,
          tell,
          signal,
        );
        return part.finish({ key, name, bytes: part.bytes });
      });
      if (hash === undefined) await checkWhole(whole, () => shelf.remove(key));
      return whole;
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
  async cached(models: LlamaCppModel[], base: string): Promise<string[]> {
    const keys = new Set((await this.stored()).map(({ key }) => key));
    return models
      .filter(({ files }) => files.every((file) => keys.has(keyOf(file, base))))
      .map(({ id }) => id);
  }

  async remove(model: LlamaCppModel, base: string): Promise<void> {
    for (const file of model.files) await this.discard(file, base);
  }

  /** Deletes one file of a model. */
  async discard(file: ModelFile, base: string): Promise<void> {
    await (await this.#open()).remove(keyOf(file, base));
  }

  /**
   * Checks and copies a file of the person's, and the projector that belongs to it.
   * @throws AlcoveError model-invalid, unsupported, quota, cancelled
   */
  async import(
    file: File,
    projector: File | undefined,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<LlamaCppModel> {
    const gguf = await readGguf(file);
    const facts = checkModel(gguf, file.size);
    if (projector) checkProjector(await readGguf(projector), projector.size, facts);
    const first = await this.#copy(file, tell, signal);
    const files: LlamaCppModel["files"] = [first];
    if (projector) files.push(await this.#copy(projector, tell, signal));
    return {
      id: `local-${(first.sha256 as string).slice(0, 12)}`,
      name: facts.name || file.name,
      engine: "llamacpp",
      family: facts.architecture,
      license: String(gguf.metadata.get("general.license") ?? "unknown"),
      context: Math.min(IMPORT_CONTEXT, facts.context || IMPORT_CONTEXT),
      system: "",
      files,
      ...(projector ? { vision: IMPORT_VISION, goodFor: ["general", "vision"] } : {}),
      ...(facts.pools && !facts.hasChatTemplate ? { goodFor: ["embedding"] } : {}),
    };
  }

  /** A file of the person's, kept under its hash. */
  async #copy(file: File, tell: Tell, signal: AbortSignal): Promise<ModelFile> {
    const shelf = await this.#open();
    if (!(shelf instanceof MemoryFileShelf)) await needRoom(file.size);
    const report = throttled(tell);
    return withPart(shelf, `import-${crypto.randomUUID()}`, async (part) => {
      const hash = sha256.create();
      while (part.bytes < file.size) {
        if (signal.aborted) throw new AlcoveError("cancelled", "The import was stopped.");
        const piece = new Uint8Array(await file.slice(part.bytes, part.bytes + PIECE).arrayBuffer());
        hash.update(piece);
        part.append(piece);
        report({ stage: "verifying", bytes: part.bytes, total: file.size });
      }
      const key = bytesToHex(hash.digest());
      await part.finish({ key, name: file.name, bytes: file.size });
      return { url: LOCAL + file.name, bytes: file.size, sha256: key };
    });
  }

  #open(): Promise<FileShelf> {
    this.#shelf ??= this.#openShelf();
    return this.#shelf;
  }
}

/** What a file is kept under. */
function keyOf({ url, sha256: hash }: ModelFile, base: string): string {
  return hash ?? `url-${bytesToHex(sha256(utf8ToBytes(new URL(url, base).href))).slice(0, 40)}`;
}

/**
 * Checks a file of which nobody told a hash: whether it is a whole GGUF, by its own table of tensors.
 * @param discard deletes it
 * @throws AlcoveError `model-invalid`
 */
async function checkWhole(file: Blob, discard: () => Promise<void>): Promise<void> {
  try {
    checkWeights(await readGguf(file), file.size);
  } catch (thrown) {
    await discard();
    throw thrown;
  }
}

async function openBrowserShelf(): Promise<FileShelf> {
  const folder = await openDirectory("models");
  return folder ? new DiskFileShelf(folder) : new MemoryFileShelf();
}

async function withPart<T>(shelf: FileShelf, key: string, use: (part: KeptPart) => Promise<T>): Promise<T> {
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
