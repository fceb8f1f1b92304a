/**
 * The service worker's store: one cache a build, whole or not used. A build's page, `alcove.js` and other
 * plain names come from its own cache only; files with a hash in their name are the same in every build and
 * are shared between the caches.
 */
import type { Precache } from "./protocol.ts";

const PARALLEL = 4;
/** Entry that is written last: a cache without it is not used. */
const COMPLETE = "complete";

/** Names that a build never gives to other content. */
const HASHED = /^(?:assets\/|pyodide-[0-9a-f]+\/)/;

export const isHashed = (path: string): boolean => HASHED.test(path);

export class BuildCache {
  readonly #scope: string;
  readonly #precache: Precache;
  readonly #sizes: ReadonlyMap<string, number>;
  #complete = false;

  /** `scope` is the URL of the site's root: two sites of one origin keep apart. */
  constructor(scope: string, precache: Precache) {
    this.#scope = scope;
    this.#precache = precache;
    this.#sizes = new Map(precache.files);
  }

  get build(): string {
    return this.#precache.build;
  }

  /** Whether `path` belongs to this build. */
  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  async isComplete(): Promise<boolean> {
    // A browser that needs room drops all caches of a site together, so asking once is enough.
    this.#complete ||= (await this.#match(this.#name(this.build), COMPLETE)) !== undefined;
    return this.#complete;
  }

  /** The kept answer for a path: of this build, or of any build when the name has a hash. */
  async find(path: string): Promise<Response | undefined> {
    const own = this.#name(this.build);
    const found = await this.#match(own, path);
    if (found || !isHashed(path)) return found;
    for (const name of await this.#names()) {
      const other = name === own ? undefined : await this.#match(name, path);
      if (other) return other;
    }
    return undefined;
  }

  /**
   * Brings every file of the build in, checks that each is whole, and only then marks the cache as usable.
   * What had arrived before a failure is used by the next try.
   * @throws when a file cannot be had, has another size than the build says, or there is no room.
   */
  async fill(onProgress: (done: number, total: number) => void): Promise<void> {
    if (await this.isComplete()) return;
    const name = this.#name(this.build);
    const cache = await caches.open(name);
    const total = [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    let done = 0;
    const queue = [...this.#sizes];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [path, bytes] = next;
        const kept = isHashed(path) ? await this.find(path) : undefined;
        await this.#keep(cache, path, bytes, kept);
        done += bytes;
        onProgress(done, total);
      }
    };
    try {
      await Promise.all(Array.from({ length: PARALLEL }, work));
      const present = new Set((await cache.keys()).map((request) => request.url));
      for (const path of this.#sizes.keys()) {
        if (!present.has(this.#url(path))) throw new Error(`${path} was not kept.`);
      }
    } catch (thrown) {
      queue.length = 0;
      if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") await caches.delete(name);
      throw thrown;
    }
    await cache.put(this.#url(COMPLETE), new Response(this.build));
  }

  /** Keeps a file with a hashed name that the build brings only to those who need it. */
  async keepUsed(path: string, answer: Response): Promise<void> {
    const cache = await caches.open(this.#name(this.build));
    await cache.put(this.#url(path), answer);
  }

  /** Drops the caches of other builds of this site, except of those that are `needed`. */
  async dropOthers(needed: ReadonlySet<string>): Promise<void> {
    const keep = new Set([this.build, ...needed].map((build) => this.#name(build)));
    for (const name of await this.#names()) if (!keep.has(name)) await caches.delete(name);
  }

  async #keep(cache: Cache, path: string, bytes: number, kept: Response | undefined): Promise<void> {
    const url = this.#url(path);
    if (kept && (await cache.match(url))) return;
    // A plain name must come from the server as it is now; a hashed one may come from the browser's cache.
    const answer = kept ?? (await fetch(url, { cache: isHashed(path) ? "default" : "reload" }));
    if (!answer.ok || answer.redirected) throw new Error(`${path}: answer ${answer.status}.`);
    const body = await answer.arrayBuffer();
    // Also what keeps a page of the next build, deployed in this very moment, out of this one.
    if (body.byteLength !== bytes) throw new Error(`${path}: ${body.byteLength} bytes instead of ${bytes}.`);
    const { status, statusText, headers } = answer;
    await cache.put(url, new Response(body, { status, statusText, headers }));
  }

  async #match(cacheName: string, path: string): Promise<Response | undefined> {
    return caches.match(this.#url(path), { cacheName, ignoreVary: true, ignoreSearch: true });
  }

  async #names(): Promise<string[]> {
    return (await caches.keys()).filter((name) => name.startsWith(this.#name("")));
  }

  #name(build: string): string {
    return `alcove ${this.#scope} ${build}`;
  }

  #url(path: string): string {
    return new URL(path, this.#scope).href;
  }
}
