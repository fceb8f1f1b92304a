/** The agents of this site: those that come with it, and the person's own, kept on this device. */
import type { BundleChanges, SessionAgent } from "../../../workers/python/protocol.ts";
import type { Settings } from "../store/settings.ts";
import type { AgentEntry } from "./entry.ts";
import type { BundleSource } from "./given.ts";
import type { KeptAgents, Reader, Shipped } from "./kept.ts";

/** Emits `change` when an agent was added, changed or removed, in any tab. */
export class Agents extends EventTarget {
  readonly #settings: Settings;
  readonly #bring: () => Promise<KeptAgents>;
  #kept: Promise<KeptAgents> | undefined;
  readonly #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("alcove-agents");

  /** @param site address of the page's own bundle, or what brings all that come with the site */
  constructor(settings: Settings, python: Reader, site?: URL | (() => Promise<Shipped>)) {
    super();
    this.#settings = settings;
    // None of it is needed for the first paint.
    const shipped =
      typeof site === "function" ? site : async () => (await import("./built-in.ts")).shipped(site);
    this.#bring = async () => new (await import("./kept.ts")).KeptAgents(settings, python, await shipped());
    this.#tabs?.addEventListener("message", () => this.dispatchEvent(new Event("change")));
  }

  /** All of them, those that come with the site first; it waits for Python. */
  async list(): Promise<AgentEntry[]> {
    return (await this.#all()).list();
  }

  /** The person's own: quick, and without Python. */
  async own(): Promise<AgentEntry[]> {
    return (await import("./kept.ts")).ownAgents(this.#settings);
  }

  /**
   * Reads a bundle and keeps it as an agent. Its modules are loaded once, so that it is known what of it can be had and
   * what it costs; no turn runs. Where it fails nothing is kept.
   * @param source a markdown or YAML file, a zip, the files of a folder, an address, or the bundle's text
   * @throws AlcoveError `bad-request` for what is no bundle, with the line; `download-failed`, `timeout` for a module that
   *   never returns, `quota`, `cancelled`
   */
  async add(source: BundleSource, { signal }: { signal?: AbortSignal } = {}): Promise<AgentEntry> {
    return this.#told((kept) => kept.add(source, signal));
  }

  /**
   * Changes an agent's own file: what is not named stays as it is.
   * @throws AlcoveError `bad-request` for one that comes with the site or is not there; as {@link add}
   */
  async change(id: string, changes: BundleChanges): Promise<AgentEntry> {
    return this.#told((kept) => kept.change(id, changes));
  }

  /** A copy of an agent that the person may change. @throws AlcoveError as {@link change} */
  async duplicate(id: string): Promise<AgentEntry> {
    return this.#told((kept) => kept.duplicate(id));
  }

  /** The bundle of an agent as a file: its own one where it is that alone, else a zip. */
  async export(id: string): Promise<File> {
    return (await this.#all()).export(id);
  }

  /** Conversations with it stay, and say that it is gone. @throws AlcoveError `bad-request` as {@link change} */
  async remove(id: string): Promise<void> {
    return this.#told((kept) => kept.remove(id));
  }

  /** What a conversation is opened with: a kept agent, or a bundle that is not kept. @throws AlcoveError as {@link add} */
  async open(what: { agent: string } | { bundle: BundleSource }): Promise<SessionAgent> {
    return (await this.#all()).open(what);
  }

  /** Whether there is such an agent. */
  async has(id: string): Promise<boolean> {
    return (await this.#all()).has(id);
  }

  close(): void {
    this.#tabs?.close();
  }

  #all(): Promise<KeptAgents> {
    const kept = this.#kept ?? this.#bring();
    this.#kept = kept;
    // A script that could not be had is asked for again.
    kept.catch(() => {
      this.#kept = undefined;
    });
    return kept;
  }

  /** Does what changes the agents; all tabs hear of it. */
  async #told<T>(work: (kept: KeptAgents) => Promise<T>): Promise<T> {
    const done = await work(await this.#all());
    this.#tabs?.postMessage(null);
    this.dispatchEvent(new Event("change"));
    return done;
  }
}
