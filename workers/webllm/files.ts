/**
 * The files of WebLLM's models on this device. We fetch and check them and put them into the caches that
 * WebLLM reads, under addresses that exist nowhere: so it finds a whole and checked model or none, and never
 * asks the network by itself. What lies in a cache was checked when it came.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { LoadProgress, WebLlmModel } from "../engine/contract.ts";
import { download, throttled } from "../files/download.ts";
import { FirstHashes } from "../files/first-hashes.ts";
import { damaged, hashOf } from "../files/hashing.ts";
import { following, needRoom } from "../files/locks.ts";
import type { Expected, Origin, Part } from "../files/part.ts";
import { partsOf } from "../files/parts.ts";
import { PATIENCE, type Patience } from "../files/patience.ts";
import { CONFIG, LIBRARY, type ModelRecord, RECORDS, WEIGHTS } from "../files/webllm-caches.ts";
import { LIBRARY_NAME, type Located, locate, nameOf, type Place } from "../files/webllm-place.ts";
import { AlcoveError } from "../wire/errors.ts";
import {
  type ChatConfig,
  checkLibrary,
  checkTokenizer,
  readConfig,
  readShards,
  type Shard,
  tokenizerName,
} from "./manifest.ts";

type Tell = (progress: LoadProgress) => void;

const CACHES = [CONFIG, WEIGHTS, LIBRARY];

/** No file of a model is longer; they pass through memory. */
const MOST_BYTES = 1 << 30;

interface Wanted {
  cache: string;
  /** Its name in the record of first hashes. */
  name: string;
  /** Address in the cache. */
  at: string;
  /** Where it is fetched from. */
  url: URL;
  expected: Expected;
  check?: (file: Blob) => Promise<void>;
}

export class ModelFiles {
  readonly #caches: () => CacheStorage;
  readonly #firstHashes: FirstHashes;
  readonly #patience: Patience;

  /** @param caches the browser's Cache API */
  constructor(
    caches: () => CacheStorage = browserCaches,
    options: { firstHashes?: FirstHashes; patience?: Patience } = {},
  ) {
    this.#caches = caches;
    this.#firstHashes = options.firstHashes ?? new FirstHashes();
    this.#patience = options.patience ?? PATIENCE;
  }

  /**
   * Makes sure that the whole model is here. Files that came in an earlier try are kept; two tabs that want
   * the same model wait for each other.
   * @param base absolute URL that relative URLs start from
   * @param options.acceptChanged takes files that are not those that came first
   * @throws AlcoveError download-failed, integrity, model-invalid, quota, cancelled, unsupported
   */
  async download(
    model: WebLlmModel,
    base: string,
    tell: Tell,
    signal: AbortSignal,
    options: { acceptChanged?: boolean } = {},
  ): Promise<Located> {
    refuseOthers(model);
    const place = locate(model, base);
    const located = { embeds: place.embeds, model: place.model, library: place.library };
    if (await this.#whole(place, model)) return located;
    await following(`webllm-${place.key}`, tell, signal, async (told) => {
      // Of two versions nothing fits together: what came of the one before goes.
      if (options.acceptChanged && !(await this.#whole(place, model))) {
        await this.#firstHashes.forget(place.key);
        await this.remove(model, base);
      }
      await this.#fill(model, base, place, told, signal);
    });
    return located;
  }

  /** The model's configuration; it must be here. */
  async config({ embeds, model }: Located): Promise<ChatConfig> {
    const kept = await this.#find(CONFIG, `${model}mlc-chat-config.json`);
    if (!kept) throw gone();
    return readConfig(await kept.text(), embeds);
  }

  /** The model's tokenizer.json, which must be here; undefined where it has a tokenizer of another kind. */
  async tokenizer({ model }: Located, config: ChatConfig): Promise<string | undefined> {
    const name = tokenizerName(config);
    if (!name.endsWith(".json")) return undefined;
    const kept = await this.#find(WEIGHTS, model + name);
    if (!kept) throw gone();
    return kept.text();
  }

  /** The ids of those of `models` whose files are all here. */
  async cached(models: WebLlmModel[], base: string): Promise<string[]> {
    // One look tells which can be here at all: the list is long, and most models are not.
    const configs = await (await this.#caches().open(CONFIG)).keys();
    const begun = new Set(configs.map(({ url }) => url));
    const near = models.filter((model) => begun.has(`${locate(model, base).model}mlc-chat-config.json`));
    const whole = await Promise.all(near.map((model) => this.#whole(locate(model, base), model)));
    return near.filter((_, i) => whole[i]).map(({ id }) => id);
  }

  /** Deletes a model, and what came of one that is not whole. */
  async remove(model: WebLlmModel, base: string): Promise<void> {
    const { folder } = locate(model, base);
    for (const name of [...CACHES, RECORDS]) {
      const cache = await this.#caches().open(name);
      for (const request of await cache.keys()) {
        if (request.url.startsWith(folder)) await cache.delete(request);
      }
    }
  }

  /**
   * Reads every byte of a model again. A file that is not the one that came is deleted: WebLLM would read it.
   * @throws AlcoveError integrity, model-not-found, cancelled
   */
  async verify(model: WebLlmModel, base: string, tell: Tell, signal: AbortSignal): Promise<void> {
    const place = locate(model, base);
    const files = (await this.#whole(place, model)) && (await this.#files(place));
    if (!files) throw gone();
    const report = throttled(tell);
    const published = new Map(model.files.map((file) => [nameOf(file.url, model), file.sha256]));
    const first = await this.#firstHashes.get(place.key);
    const total = sum(files.map(({ file }) => file.size));
    let before = 0;
    for (const { cache, at, name, file } of files) {
      const count = (bytes: number) => report({ stage: "verifying", bytes: before + bytes, total });
      const got = await hashOf(file, count, signal);
      const record = name === LIBRARY_NAME ? model.librarySha256 : undefined;
      const wanted = published.get(name) ?? record ?? first[name];
      if (wanted === undefined) await this.#firstHashes.check(place.key, name, got);
      else if (wanted !== got) {
        await (await this.#caches().open(cache)).delete(at);
        await this.#note(model, place, false);
        throw damaged(`${name}: expected ${wanted}, got ${got}`);
      }
      before += file.size;
    }
  }

  async #note({ id, name }: WebLlmModel, { folder }: Place, whole: boolean): Promise<void> {
    const record: ModelRecord = { model: id, name, whole };
    await (await this.#caches().open(RECORDS)).put(folder, new Response(JSON.stringify(record)));
  }

  /** What lies here of a model. */
  async #files(place: Place): Promise<{ cache: string; at: string; name: string; file: Blob }[]> {
    const found = CACHES.map(async (cache) => {
      const open = await this.#caches().open(cache);
      const requests = (await open.keys()).filter(({ url }) => url.startsWith(place.folder));
      return Promise.all(
        requests.map(async ({ url }) => {
          const name = url === place.library ? LIBRARY_NAME : url.slice(place.model.length);
          return { cache, at: url, name, file: await ((await open.match(url)) as Response).blob() };
        }),
      );
    });
    return (await Promise.all(found)).flat();
  }

  async #fill(
    model: WebLlmModel,
    base: string,
    place: Place,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const known = new Map(
      model.files.map((file) => [new URL(file.url, base).href, { ...file, ...partsOf(file, base) }]),
    );
    const from = new URL(model.weights, base);
    await this.#note(model, place, false);
    if (!(await this.#library(place, model)))
      await (await this.#caches().open(LIBRARY)).delete(place.library);
    const part = (name: string, cache = WEIGHTS): Wanted => {
      const url = new URL(name, from);
      return { cache, name, at: place.model + name, url, expected: known.get(url.href) ?? {} };
    };
    const silent = () => undefined;
    const read = (text: string) => readConfig(text, place.embeds);
    const text = (wanted: Wanted, check: (text: string) => unknown) =>
      this.#text(wanted, place.key, check, silent, signal);
    const config = read(await text(part("mlc-chat-config.json", CONFIG), read));
    const shards = readShards(await text(part("tensor-cache.json"), readShards));
    const tokenizer = part(tokenizerName(config));
    if (tokenizer.at.endsWith(".json")) {
      tokenizer.check = async (file) => checkTokenizer(await file.text(), config);
    }
    const url = new URL(model.library, base);
    const pinned = model.librarySha256 === undefined ? {} : { sha256: model.librarySha256 };
    const expected = known.get(url.href) ?? pinned;
    const library: Wanted = {
      cache: LIBRARY,
      name: LIBRARY_NAME,
      at: place.library,
      url,
      expected,
      check: checkLibrary,
    };
    const weights = shards.map((shard) => {
      const wanted = part(shard.path);
      return known.has(wanted.url.href) ? wanted : { ...wanted, expected: expectedOf(shard) };
    });
    await this.#bringAll([tokenizer, library, ...weights], place.key, model.bytes, tell, signal);
    await this.#note(model, place, true);
  }

  async #bringAll(
    files: Wanted[],
    key: string,
    announced: number,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const sizes = files.map(({ expected }) => expected.bytes ?? 0);
    const total = Math.max(announced, sum(sizes));
    const here = await Promise.all(files.map(({ cache, at }) => this.#find(cache, at)));
    await needRoom(sum(sizes.filter((_, i) => !here[i])));
    const report = throttled(tell);
    let bytes = 0;
    let done = 0;
    const progress = (extra: number, { stage, until }: Partial<LoadProgress> = {}) =>
      report({
        stage: stage ?? "downloading",
        bytes: Math.min(bytes + extra, total),
        total,
        parts: { done, total: files.length },
        ...(until === undefined ? {} : { until }),
      });
    for (const [i, file] of files.entries()) {
      const size = here[i]
        ? sizes[i]
        : await this.#bring(file, key, (now) => progress(now.bytes, now), signal);
      bytes += size ?? 0;
      done++;
    }
    progress(total - bytes);
  }

  /**
   * Fetches one file unless it is here; returns its size.
   * @param key what its model's first hashes are kept under
   */
  async #bring(wanted: Wanted, key: string, tell: Tell, signal: AbortSignal): Promise<number> {
    const part = new Pieces();
    const { expected, name } = wanted;
    const limited = { most: MOST_BYTES, ...expected };
    const got = await download(limited, wanted.url, part, tell, signal, this.#patience);
    const file = part.blob();
    await wanted.check?.(file);
    if (expected.sha256 === undefined) await this.#firstHashes.check(key, name, got);
    const cache = await this.#caches().open(wanted.cache);
    const headers = { "content-type": file.type, "content-length": String(file.size) };
    await cache.put(wanted.at, new Response(file, { headers }));
    return file.size;
  }

  async #text(
    wanted: Wanted,
    key: string,
    check: (text: string) => unknown,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<string> {
    const kept = await this.#find(wanted.cache, wanted.at);
    if (kept) return kept.text();
    const checked = { ...wanted, check: async (file: Blob) => void check(await file.text()) };
    await this.#bring(checked, key, tell, signal);
    return ((await this.#find(wanted.cache, wanted.at)) as Response).text();
  }

  async #find(cache: string, at: string): Promise<Response | undefined> {
    return (await this.#caches().open(cache)).match(at);
  }

  /** A library that came before our record knew its hash is looked at anew; everything else the place itself vouches for. */
  async #library(place: Place, { librarySha256 }: WebLlmModel): Promise<boolean> {
    const kept = await this.#find(LIBRARY, place.library);
    if (!kept || librarySha256 === undefined) return kept !== undefined;
    const digest = await crypto.subtle.digest("SHA-256", await kept.arrayBuffer());
    return bytesToHex(new Uint8Array(digest)) === librarySha256;
  }

  async #whole(place: Place, model: WebLlmModel): Promise<boolean> {
    const config = await this.#find(CONFIG, `${place.model}mlc-chat-config.json`);
    const tensors = config && (await this.#find(WEIGHTS, `${place.model}tensor-cache.json`));
    if (!tensors || !(await this.#library(place, model))) return false;
    const tokenizer = tokenizerName(readConfig(await config.text(), place.embeds));
    const names = [tokenizer, ...readShards(await tensors.text()).map(({ path }) => path)];
    const found = await Promise.all(names.map((name) => this.#find(WEIGHTS, place.model + name)));
    return found.every(Boolean);
  }
}

/** Models of WebLLM's own list of another make are refused before anything is fetched. */
function refuseOthers({ record }: WebLlmModel): void {
  if (record?.model_manifest === undefined) return;
  throw new AlcoveError("unsupported", "Alcove cannot run this kind of model yet.", {
    action: "Choose another model.",
  });
}

const gone = (): AlcoveError =>
  new AlcoveError("model-not-found", "This model is not on this device any more.");

function expectedOf({ bytes, md5 }: Shard): Expected {
  return md5 === undefined ? { bytes } : { bytes, md5 };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A file on its way, in memory: the Cache API takes whole files only. */
class Pieces implements Part {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  origin: Origin | undefined;

  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing of an earlier try is here. */
  read(): number {
    return 0;
  }

  append(bytes: Uint8Array): void {
    this.#pieces.push(bytes as Uint8Array<ArrayBuffer>);
    this.#bytes += bytes.length;
  }

  async reset(origin?: Origin): Promise<void> {
    this.#pieces = [];
    this.#bytes = 0;
    this.origin = origin;
  }

  blob(): Blob {
    return new Blob(this.#pieces, { type: "application/octet-stream" });
  }
}

function browserCaches(): CacheStorage {
  if (typeof caches !== "undefined") return caches;
  throw new AlcoveError("unsupported", "This page may not keep files: it is not a secure context.", {
    action: "Open the page over https.",
  });
}
