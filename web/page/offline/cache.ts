/**
 * The service worker's store: one cache a build, whole or not used. A build's page, `alcove.js` and other
 * plain names come from its own cache only; files with a hash in their name are the same in every build and
 * are shared between the caches. Nothing is kept that has not the SHA-256 which the build names.
 */
import type { BuildFile, NotSaved, Precache } from "./protocol.ts";

const PARALLEL = 4;
/** Entry that is written last: a cache without it is not used. */
const COMPLETE = "complete";
/**
 * What is not larger is checked again whenever it is asked for, which takes no time: the page and its scripts, without
 * which nothing could say that the rest is damaged. The rest is checked when it comes, and by {@link BuildCache.repair}.
 */
const CHECKED_EACH_TIME = 256 << 10;

/** Names that a build never gives to other content. */
const HASHED = /^(?:assets\/|pyodide-[0-9a-f]+\/)/;

export const isHashed = (path: string): boolean => HASHED.test(path);

/** Why a build could not be kept. */
export class NotKept extends Error {
  readonly reason: NotSaved;

  constructor(reason: NotSaved, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export class BuildCache {
  readonly #scope: string;
  readonly #precache: Precache;
  readonly #paths: ReadonlySet<string>;
  readonly #files: ReadonlyMap<string, BuildFile>;
  #complete = false;
  #repairing: Promise<number> | undefined;

  /** `scope` is the URL of the site's root: two sites of one origin keep apart. */
  constructor(scope: string, precache: Precache) {
    this.#scope = scope;
    this.#precache = precache;
    this.#paths = new Set(precache.files.map(([path]) => path));
    this.#files = new Map([...precache.files, ...precache.onUse].map((file) => [file[0], file]));
  }

  get build(): string {
    return this.#precache.build;
  }

  /** Whether `path` belongs to what is kept of this build from the start. */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  async isComplete(): Promise<boolean> {
    // A browser that needs room drops all caches of a site together, so asking once is enough.
    this.#complete ||= (await this.#match(this.#name(this.build), COMPLETE)) !== undefined;
    return this.#complete;
  }

  /**
   * The kept answer for a path: of this build, or of any build when the name has a hash. Of a damaged one
   * `onDamage` hears, and it is never the answer.
   */
  async find(path: string, onDamage?: () => void): Promise<Response | undefined> {
    const file = this.#files.get(path);
    const check = file !== undefined && file[1] <= CHECKED_EACH_TIME;
    for (const name of await this.#shelves(path)) {
      const found = await this.#match(name, path);
      if (!found) continue;
      if (!check) return found;
      const whole = await verified(found, file);
      if (whole) return whole;
      // It stays until a repair writes over it: deleted here, it could be what a repair has just written.
      onDamage?.();
    }
    return undefined;
  }

  /**
   * Brings every file of the build in, checks each against its hash, and only then marks the cache as usable.
   * What had arrived before a failure is used by the next try.
   * @throws NotKept
   */
  async fill(onProgress: (done: number, total: number) => void): Promise<void> {
    if (await this.isComplete()) return;
    try {
      await this.#bringAll(onProgress);
    } catch (thrown) {
      const why = reasonOf(thrown);
      if (why.reason === "quota") await caches.delete(this.#name(this.build));
      throw why;
    }
  }

  /**
   * Checks everything that is kept of this build and replaces what is damaged or gone; returns how many files.
   * From the first of them on, and until all are there again, the cache does not count as whole.
   * @throws NotKept
   */
  repair(): Promise<number> {
    this.#repairing ??= this.#repair().finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  /** Keeps a file that the build brings only to those who need it. Resolves to what is to be answered. */
  async keepUsed(path: string, answer: Response): Promise<void> {
    const file = this.#files.get(path);
    const whole = file && (await verified(answer, file));
    if (whole) await (await caches.open(this.#name(this.build))).put(this.#url(path), whole);
  }

  /**
   * Drops the caches of other builds of this site, except of those that are `needed`; none while a build is coming
   * in. `stillAlone` is asked when it is certain that none comes.
   */
  async dropOthers(needed: ReadonlySet<string>, stillAlone: () => boolean): Promise<void> {
    const keep = new Set([this.build, ...needed].map((build) => this.#name(build)));
    await navigator.locks.request(this.#lock, { ifAvailable: true }, async (lock) => {
      if (!lock || !stillAlone()) return;
      for (const name of await this.#names()) if (!keep.has(name)) await caches.delete(name);
    });
  }

  /** The kept page, as its host sent it. */
  page(): Promise<Response | undefined> {
    return this.#match(this.#name(this.build), "index.html");
  }

  async #repair(): Promise<number> {
    try {
      return await this.#bringAll(() => undefined);
    } catch (thrown) {
      throw reasonOf(thrown);
    }
  }

  /** Returns how many files had to come anew. */
  #bringAll(onProgress: (done: number, total: number) => void): Promise<number> {
    return navigator.locks.request(this.#lock, { mode: "shared" }, async () => {
      const cache = await caches.open(this.#name(this.build));
      const total = this.#precache.files.reduce((sum, [, bytes]) => sum + bytes, 0);
      const queue = [...this.#precache.files];
      let done = 0;
      let came = 0;
      const work = async (): Promise<void> => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          if (!(await this.#keep(cache, next))) came++;
          done += next[1];
          onProgress(done, total);
        }
      };
      const stop = (thrown: unknown) => {
        queue.length = 0;
        throw thrown;
      };
      // What is under way when one fails comes to its end: afterwards nothing is written any more.
      const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, () => work().catch(stop)));
      const failed = ends.find((end) => end.status === "rejected");
      if (failed) throw failed.reason;
      const present = new Set((await cache.keys()).map((request) => request.url));
      for (const path of this.#paths) {
        if (!present.has(this.#url(path))) throw new NotKept("quota", `${path} was not kept.`);
      }
      await cache.put(this.#url(COMPLETE), new Response(this.build));
      this.#complete = true;
      return came;
    });
  }

  /** Makes sure that a whole `file` is in `cache`; returns whether one was there already. */
  async #keep(cache: Cache, file: BuildFile): Promise<boolean> {
    const [path] = file;
    const own = this.#name(this.build);
    for (const name of await this.#shelves(path)) {
      const found = await this.#match(name, path);
      const whole = found && (await verified(found, file));
      if (!whole) continue;
      if (name !== own) await cache.put(this.#url(path), whole);
      return true;
    }
    // A plain name must come from the server as it is now; a hashed one may come from the browser's own cache,
    // unless that is damaged.
    await this.#unmark(cache);
    const kinds: RequestCache[] = isHashed(path) ? ["default", "reload"] : ["reload"];
    for (const kind of kinds) {
      const whole = await verified(await this.#fetch(path, kind), file);
      if (!whole) continue;
      await cache.put(this.#url(path), whole);
      return false;
    }
    // Also what keeps a page of the next build, deployed in this very moment, out of this one.
    throw new NotKept("altered", `${path} is not the file of build ${this.build}.`);
  }

  /** A build of which a file is missing is not whole, whatever becomes of whoever brings it. */
  async #unmark(cache: Cache): Promise<void> {
    this.#complete = false;
    await cache.delete(this.#url(COMPLETE));
  }

  async #fetch(path: string, cache: RequestCache): Promise<Response> {
    const url = this.#url(path);
    // Many hosts lead from index.html to its folder. Where a redirect ends does not matter: the hash decides.
    const first = await fetch(path === "index.html" ? this.#scope : url, { cache });
    const answer = first.ok || path !== "index.html" ? first : await fetch(url, { cache });
    if (!answer.ok) throw new NotKept("unreachable", `${path}: answer ${answer.status}.`);
    return answer;
  }

  /** Caches that may hold `path`, this build's first. */
  async #shelves(path: string): Promise<string[]> {
    const own = this.#name(this.build);
    if (!isHashed(path)) return [own];
    const names = await this.#names().catch(() => []);
    return [own, ...names.filter((name) => name !== own)];
  }

  /** A store that the browser cannot read holds nothing: the host is asked instead. */
  async #match(cacheName: string, path: string): Promise<Response | undefined> {
    const how = { cacheName, ignoreVary: true, ignoreSearch: true };
    return caches.match(this.#url(path), how).catch(() => undefined);
  }

  /** @throws DOMException where the browser cannot read its store */
  async #names(): Promise<string[]> {
    return (await caches.keys()).filter((name) => name.startsWith(this.#name("")));
  }

  /** Held shared while files come in, alone while caches are dropped. */
  get #lock(): string {
    return `alcove-site ${this.#scope}`;
  }

  #name(build: string): string {
    return `alcove ${this.#scope} ${build}`;
  }

  #url(path: string): string {
    return new URL(path, this.#scope).href;
  }
}

/** A copy of `answer` that is certainly `file`; undefined where it is another, or cannot be read. */
async function verified(answer: Response, [, bytes, sha256]: BuildFile): Promise<Response | undefined> {
  let body: ArrayBuffer;
  try {
    body = await answer.arrayBuffer();
  } catch {
    return undefined; // cut on its way, or no longer readable on this device
  }
  if (body.byteLength !== bytes) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  if (Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") !== sha256) return undefined;
  const headers = new Headers(answer.headers);
  // The body is what was unpacked.
  headers.delete("content-encoding");
  headers.set("content-length", String(bytes));
  return new Response(body, { status: 200, headers });
}

function reasonOf(thrown: unknown): NotKept {
  if (thrown instanceof NotKept) return thrown;
  const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
  return new NotKept(full ? "quota" : "unreachable", String(thrown));
}
