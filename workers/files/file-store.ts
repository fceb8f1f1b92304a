/**
 * The models that are on this device. Files are named by their hash, or by their address where a hub tells no
 * hash; one that lies here was checked when it came, so a later look checks only that it is there and has its size.
 */
import type { LoadProgress, ModelFile } from "../engine/contract.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { DiskFileShelf } from "./disk-shelf.ts";
import { download, throttled } from "./download.ts";
import { keyOf, LOCAL } from "./file-key.ts";
import type { About, FileShelf, KeptPart, StoredFile } from "./file-shelf.ts";
import { FirstHashes } from "./first-hashes.ts";
import { damaged, hashOf } from "./hashing.ts";
import { MODELS } from "./inventory.ts";
import { following, needRoom, room } from "./locks.ts";
import { MemoryFileShelf } from "./memory-shelf.ts";
import { openDirectory } from "./opfs.ts";
import type { Expected } from "./part.ts";
import { partsOf } from "./parts.ts";
import { PATIENCE, type Patience } from "./patience.ts";
import { sweep } from "./sweep.ts";

type Tell = (progress: LoadProgress) => void;

interface GetOptions {
  /** The id of the model that it is for. */
  model?: string;
  /** Takes a file that is not the one that came first. */
  acceptChanged?: boolean;
}

/** A model as far as its files go. */
interface FiledModel {
  id: string;
  files: ModelFile[];
}

export interface StoreOptions {
  firstHashes?: FirstHashes;
  patience?: Patience;
  /** Checks a file of which nobody told a hash: whether it is whole. @throws AlcoveError `model-invalid` */
  checkWhole?: (file: Blob) => Promise<void>;
}

/** @typeParam Model what an engine takes */
export class ModelFileStore<Model extends FiledModel> {
  #shelf: Promise<FileShelf> | undefined;
  readonly #openShelf: () => Promise<FileShelf>;
  readonly #firstHashes: FirstHashes;
  readonly #patience: Patience;
  readonly #checkWhole: (file: Blob) => Promise<void>;

  /** @param openShelf where files lie; called once */
  constructor(openShelf: () => Promise<FileShelf> = openBrowserShelf, options: StoreOptions = {}) {
    this.#openShelf = openShelf;
    this.#firstHashes = options.firstHashes ?? new FirstHashes();
    this.#patience = options.patience ?? PATIENCE;
    this.#checkWhole = options.checkWhole ?? (async () => undefined);
  }

  /**
   * The file, downloaded first where needed. Two tabs that want the same file wait for each other.
   * @param base absolute URL that a relative `file.url` starts from
   * @throws AlcoveError download-failed, integrity, quota, model-invalid, model-not-found, cancelled
   */
  async get(
    file: ModelFile,
    base: string,
    tell: Tell,
    signal: AbortSignal,
    options: GetOptions = {},
  ): Promise<Blob> {
    const shelf = await this.open();
    const key = keyOf(file, base);
    const there = await shelf.find(key);
    if (there) return there;
    if (file.url.startsWith(LOCAL)) throw await gone(shelf, key);
    return following(`file-${key}`, tell, signal, async (told) => {
      return (await shelf.find(key)) ?? this.#fetch(shelf, key, file, base, told, signal, options);
    });
  }

  /** Every file of `model`, as {@link get}. */
  async download(
    model: Model,
    base: string,
    tell: Tell,
    signal: AbortSignal,
    options: GetOptions = {},
  ): Promise<void> {
    const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = 0;
    for (const file of model.files) {
      // Of a pair or a split model, what came before counts too.
      const report = (progress: LoadProgress) => {
        const alone = model.files.length === 1 || progress.stage === "verifying";
        tell(
          alone
            ? progress
            : {
                ...progress,
                bytes: before + progress.bytes,
                total: Math.max(total, before + progress.bytes),
              },
        );
      };
      before += (await this.get(file, base, report, signal, { ...options, model: model.id })).size;
    }
  }

  /** Whole files that an engine may use. */
  async stored(): Promise<StoredFile[]> {
    return (await (await this.open()).list()).filter((file) => !file.damaged);
  }

  /** The ids of those of `models` whose files are all here. */
  async cached(models: Model[], base: string): Promise<string[]> {
    const keys = new Set((await this.stored()).map(({ key }) => key));
    return models
      .filter(({ files }) => files.every((file) => keys.has(keyOf(file, base))))
      .map(({ id }) => id);
  }

  /**
   * Deletes the files of a model, whole and half, but for those that another one on this device needs as well.
   * @param known the models that there are besides those that the person imported
   */
  async remove(model: FiledModel, base: string, known: readonly FiledModel[] = []): Promise<void> {
    const shelf = await this.open();
    const marks = new Map((await shelf.list()).map((mark) => [mark.key, mark]));
    const own = new Set(model.files.map((file) => keyOf(file, base)));
    const imported = [...marks.values()].flatMap((mark) => mark.imported ?? []);
    const owners = new Map<string, string>();
    for (const other of [...known.filter((each) => isHere(each, base, own, marks)), ...imported]) {
      if (other.id !== model.id) for (const file of other.files) owners.set(keyOf(file, base), other.id);
    }
    for (const file of model.files) {
      const key = keyOf(file, base);
      const mark = marks.get(key);
      const owner = owners.get(key);
      // What the person imported may be what a download had brought.
      const downloaded = file.url.startsWith(LOCAL) && mark !== undefined && !mark.local;
      if (owner === undefined && !downloaded) await shelf.remove(key);
      else if (mark) {
        const { imported: described, ...rest } = mark;
        await shelf.mark({
          ...rest,
          ...(described && described.id !== model.id ? { imported: described } : {}),
          ...(owner !== undefined && rest.model === model.id ? { model: owner } : {}),
        });
      }
    }
  }

  /** Deletes one file of a model. */
  async discard(file: ModelFile, base: string): Promise<void> {
    await (await this.open()).remove(keyOf(file, base));
  }

  /**
   * Reads every byte of a model again. A file that is not the one that came is set aside.
   * @throws AlcoveError integrity, model-not-found, cancelled
   */
  async verify(model: Model, base: string, tell: Tell, signal: AbortSignal): Promise<void> {
    const shelf = await this.open();
    const report = throttled(tell);
    const marks = new Map((await shelf.list()).map((mark) => [mark.key, mark]));
    const files = await Promise.all(
      model.files.map(async (file) => {
        const key = keyOf(file, base);
        const blob = await shelf.find(key);
        if (!blob) throw await gone(shelf, key);
        return { file, key, blob };
      }),
    );
    const total = files.reduce((sum, { blob }) => sum + blob.size, 0);
    let before = 0;
    for (const { file, key, blob } of files) {
      const count = (bytes: number) => report({ stage: "verifying", bytes: before + bytes, total });
      const got = await hashOf(blob, count, signal).catch((thrown) => {
        throw toAlcoveError(thrown);
      });
      const name = marks.get(key)?.name ?? key;
      const first = (await this.#firstHashes.get(key))[FILE];
      const wanted = file.sha256 ?? marks.get(key)?.sha256 ?? first;
      if (wanted === undefined) await this.#firstHashes.check(key, FILE, got);
      else if (wanted !== got) {
        await shelf.mark({ ...(marks.get(key) as StoredFile), damaged: true });
        throw damaged(`${name}: expected ${wanted}, got ${got}`);
      }
      before += blob.size;
    }
  }

  /**
   * A model's files as they lie here, under the names that they came with.
   * @throws AlcoveError model-not-found
   */
  async export(model: Model, base: string): Promise<{ name: string; blob: Blob }[]> {
    const shelf = await this.open();
    const marks = new Map((await shelf.list()).map((mark) => [mark.key, mark]));
    return Promise.all(
      model.files.map(async (file) => {
        const key = keyOf(file, base);
        const blob = await shelf.find(key);
        if (!blob) throw await gone(shelf, key);
        return { name: marks.get(key)?.name ?? `${key}.gguf`, blob };
      }),
    );
  }

  async #fetch(
    shelf: FileShelf,
    key: string,
    file: ModelFile,
    base: string,
    tell: Tell,
    signal: AbortSignal,
    { model, acceptChanged = false }: GetOptions,
  ): Promise<Blob> {
    const { sha256: hash } = file;
    const url = new URL(file.url, base);
    const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? key);
    const about: About = { name, ...(model === undefined ? {} : { model }) };
    if (acceptChanged) await this.#firstHashes.forget(key);
    return withPart(shelf, key, about, async (part) => {
      if (!(shelf instanceof MemoryFileShelf)) await needRoom(file.bytes - part.bytes);
      const most = (await room()) + part.bytes;
      const expected: Expected =
        hash === undefined
          ? { about: file.bytes, most }
          : { bytes: file.bytes, sha256: hash, ...partsOf(file, base) };
      const got = await download(expected, url, part, tell, signal, this.#patience);
      const entry = { ...about, key, bytes: part.bytes, sha256: got };
      if (hash !== undefined) return part.finish(entry);
      await this.#firstHashes.compare(key, FILE, got);
      return part.finish(entry, async (whole) => {
        await this.#checkWhole(whole);
        await this.#firstHashes.check(key, FILE, got);
      });
    });
  }

  protected open(): Promise<FileShelf> {
    this.#shelf ??= this.#openShelf();
    return this.#shelf;
  }
}

/** The name of the one file that a key stands for. */
const FILE = "file";

/**
 * Whether `other` is on this device for its own sake, beside the model that has the files `own`: something of it lies
 * here that is no part of that, or all of it is a part of that. Of two that are made of the same files neither keeps the
 * other here.
 */
function isHere(
  other: FiledModel,
  base: string,
  own: ReadonlySet<string>,
  marks: ReadonlyMap<string, StoredFile>,
): boolean {
  const keys = other.files.map((file) => keyOf(file, base));
  if (keys.some((key) => !own.has(key))) return keys.some((key) => !own.has(key) && marks.has(key));
  return keys.length < own.size && keys.every((key) => marks.has(key));
}

/** Why a file that nobody can fetch is not to be had. */
async function gone(shelf: FileShelf, key: string): Promise<AlcoveError> {
  const mark = (await shelf.list()).find((stored) => stored.key === key);
  if (mark?.damaged) return damaged(mark.name);
  return new AlcoveError("model-not-found", "This model is not on this device any more.", {
    action: "Import the file again.",
  });
}

async function openBrowserShelf(): Promise<FileShelf> {
  const folder = await openDirectory(MODELS);
  if (!folder) return new MemoryFileShelf();
  void sweep(folder).catch(() => undefined);
  return new DiskFileShelf(folder);
}

async function withPart<T>(
  shelf: FileShelf,
  key: string,
  about: About,
  use: (part: KeptPart) => Promise<T>,
): Promise<T> {
  let part: KeptPart;
  try {
    part = await shelf.part(key, about);
  } catch (thrown) {
    throw toAlcoveError(thrown, "busy");
  }
  try {
    return await use(part);
  } catch (thrown) {
    part.close();
    if (part.bytes === 0) await shelf.removePart(key);
    throw toAlcoveError(thrown);
  } finally {
    part.close();
  }
}
