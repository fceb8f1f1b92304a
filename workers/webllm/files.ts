/**
 * The files of WebLLM's models on this device. We fetch and check them and put them into the caches that
 * WebLLM reads, under addresses that exist nowhere: so it finds a whole and checked model or none, and never
 * asks the network by itself. What lies in a cache was checked when it came.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { LoadProgress, WebLlmModel } from "../engine/contract.ts";
import { makesEmbeddings } from "../engine/embedding.ts";
import { download, type Expected, type Part, throttled } from "../files/download.ts";
import { exclusively, needRoom } from "../files/locks.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
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

/** WebLLM's own names. */
const CONFIG = "webllm/config";
const WEIGHTS = "webllm/model";
const LIBRARY = "webllm/wasm";
const CACHES = [CONFIG, WEIGHTS, LIBRARY];

/** `.invalid` never resolves. WebLLM takes an address with "/resolve/…/" in it as it is. */
const NOWHERE = "https://webllm.invalid/";

/** Where WebLLM finds a model. */
export interface Located {
  /** Whether it makes embeddings. */
  embeds: boolean;
  /** Folder of the weights. */
  model: string;
  library: string;
}

interface Wanted {
  cache: string;
  /** Address in the cache. */
  at: string;
  /** Where it is fetched from. */
  url: URL;
  expected: Expected;
  check?: (file: Blob) => Promise<void>;
}

export class ModelFiles {
  readonly #caches: () => CacheStorage;

  /** @param caches the browser's Cache API */
  constructor(caches: () => CacheStorage = browserCaches) {
    this.#caches = caches;
  }

  /**
   * Makes sure that the whole model is here. Files that came in an earlier try are kept; two tabs that want
   * the same model wait for each other.
   * @param base absolute URL that relative URLs start from
   * @throws AlcoveError download-failed, integrity, model-invalid, quota, cancelled, unsupported
   */
  async download(model: WebLlmModel, base: string, tell: Tell, signal: AbortSignal): Promise<Located> {
    refuseOthers(model);
    const place = locate(model, base);
    const located = { embeds: place.embeds, model: place.model, library: place.library };
    if (await this.#whole(place)) return located;
    try {
      await exclusively(`webllm-${place.key}`, signal, () => this.#fill(model, base, place, tell, signal));
    } catch (thrown) {
      throw toAlcoveError(thrown);
    }
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
    const whole = await Promise.all(near.map((model) => this.#whole(locate(model, base))));
    return near.filter((_, i) => whole[i]).map(({ id }) => id);
  }

  /** Deletes a model, and what came of one that is not whole. */
  async remove(model: WebLlmModel, base: string): Promise<void> {
    const { folder } = locate(model, base);
    for (const name of CACHES) {
      const cache = await this.#caches().open(name);
      for (const request of await cache.keys()) {
        if (request.url.startsWith(folder)) await cache.delete(request);
      }
    }
  }

  async #fill(
    model: WebLlmModel,
    base: string,
    place: Place,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const known = new Map(model.files.map((file) => [new URL(file.url, base).href, file]));
    const from = new URL(model.weights, base);
    const part = (name: string, cache = WEIGHTS): Wanted => {
      const url = new URL(name, from);
      return { cache, at: place.model + name, url, expected: known.get(url.href) ?? {} };
    };
    const silent = () => undefined;
    const read = (text: string) => readConfig(text, place.embeds);
    const config = read(await this.#text(part("mlc-chat-config.json", CONFIG), read, silent, signal));
    const shards = readShards(await this.#text(part("tensor-cache.json"), readShards, silent, signal));
    const tokenizer = part(tokenizerName(config));
    if (tokenizer.at.endsWith(".json")) {
      tokenizer.check = async (file) => checkTokenizer(await file.text(), config);
    }
    const url = new URL(model.library, base);
    const expected = known.get(url.href) ?? {};
    const library: Wanted = { cache: LIBRARY, at: place.library, url, expected, check: checkLibrary };
    const weights = shards.map((shard) => {
      const wanted = part(shard.path);
      return known.has(wanted.url.href) ? wanted : { ...wanted, expected: expectedOf(shard) };
    });
    await this.#bringAll([tokenizer, library, ...weights], model.bytes, tell, signal);
  }

  async #bringAll(files: Wanted[], announced: number, tell: Tell, signal: AbortSignal): Promise<void> {
    const sizes = files.map(({ expected }) => expected.bytes ?? 0);
    const total = Math.max(announced, sum(sizes));
    const here = await Promise.all(files.map(({ cache, at }) => this.#find(cache, at)));
    await needRoom(sum(sizes.filter((_, i) => !here[i])));
    const report = throttled(tell);
    let bytes = 0;
    let done = 0;
    const progress = (extra: number) =>
      report({
        stage: "downloading",
        bytes: Math.min(bytes + extra, total),
        total,
        parts: { done, total: files.length },
      });
    for (const [i, file] of files.entries()) {
      const size = here[i] ? sizes[i] : await this.#bring(file, (now) => progress(now.bytes), signal);
      bytes += size ?? 0;
      done++;
    }
    progress(total - bytes);
  }

  /** Fetches one file unless it is here; returns its size. */
  async #bring(wanted: Wanted, tell: Tell, signal: AbortSignal): Promise<number> {
    const part = new Pieces();
    await download(wanted.expected, wanted.url, part, tell, signal);
    const file = part.blob();
    await wanted.check?.(file);
    const cache = await this.#caches().open(wanted.cache);
    const headers = { "content-type": file.type, "content-length": String(file.size) };
    await cache.put(wanted.at, new Response(file, { headers }));
    return file.size;
  }

  async #text(
    wanted: Wanted,
    check: (text: string) => unknown,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<string> {
    const kept = await this.#find(wanted.cache, wanted.at);
    if (kept) return kept.text();
    await this.#bring({ ...wanted, check: async (file) => void check(await file.text()) }, tell, signal);
    return ((await this.#find(wanted.cache, wanted.at)) as Response).text();
  }

  async #find(cache: string, at: string): Promise<Response | undefined> {
    return (await this.#caches().open(cache)).match(at);
  }

  async #whole(place: Place): Promise<boolean> {
    const config = await this.#find(CONFIG, `${place.model}mlc-chat-config.json`);
    const tensors = config && (await this.#find(WEIGHTS, `${place.model}tensor-cache.json`));
    if (!tensors || !(await this.#find(LIBRARY, place.library))) return false;
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

interface Place extends Located {
  key: string;
  folder: string;
}

/** The place of a model depends on what it is made of: known hashes, or else where it comes from. */
function locate(model: WebLlmModel, base: string): Place {
  const made =
    model.files.length > 0
      ? model.files.map((file) => file.sha256).sort()
      : [new URL(model.weights, base).href, new URL(model.library, base).href];
  const key = bytesToHex(sha256(utf8ToBytes(made.join(" ")))).slice(0, 32);
  const folder = `${NOWHERE}${key}/`;
  return {
    embeds: makesEmbeddings(model),
    key,
    folder,
    model: `${folder}resolve/main/`,
    library: `${folder}library.wasm`,
  };
}

function expectedOf({ bytes, md5 }: Shard): Expected {
  return md5 === undefined ? { bytes } : { bytes, md5 };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A file on its way, in memory: the Cache API takes whole files only. */
class Pieces implements Part {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

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

  reset(): void {
    this.#pieces = [];
    this.#bytes = 0;
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
