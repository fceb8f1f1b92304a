/** What `alcove.agents` does, brought when it is first asked: the agents of the site, and the person's in the settings. */

import { exclusively } from "../../../workers/files/locks.ts";
import type { PythonClient } from "../../../workers/python/client.ts";
import type {
  BundleChanges,
  BundleFile,
  ReadBundle,
  SessionAgent,
} from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { outOfReach } from "../store/failures.ts";
import type { Settings } from "../store/settings.ts";
import type { AgentEntry } from "./entry.ts";
import { type BundleSource, filesOf } from "./given.ts";

/** The files of the agents that come with the site, by their ids. */
export type Shipped = readonly (readonly [id: string, file: BundleFile])[];

/** The part of Python that reads bundles. */
export type Reader = Pick<PythonClient, "readBundle" | "changeBundle">;

/** Names of settings. */
const LIST = "agents";
const archiveOf = (id: string): string => `agent ${id}`;

/** The person's own. */
export const ownAgents = async (settings: Settings): Promise<AgentEntry[]> =>
  (await settings.get<AgentEntry[]>(LIST)) ?? [];

/** Two tabs that change the same agent do it one after the other: neither loses the other's, or brings it back. */
const alone = <T>(id: string, work: () => Promise<T>): Promise<T> =>
  exclusively(archiveOf(id), new AbortController().signal, work);

/** Each method is that of `Agents`. */
export class KeptAgents {
  readonly #settings: Settings;
  readonly #python: Reader;
  readonly #shipped: Shipped;
  /** Those that come with the site, as read in this page. */
  readonly #builtIn = new Map<string, Promise<ReadBundle>>();

  constructor(settings: Settings, python: Reader, shipped: Shipped) {
    this.#settings = settings;
    this.#python = python;
    this.#shipped = shipped;
  }

  async list(): Promise<AgentEntry[]> {
    const own = await ownAgents(this.#settings);
    const builtIn = await Promise.all(
      this.#shipped.map(async ([id, file]) => {
        const { archive, report } = await this.#readBuiltIn(id, file);
        return { ...report, id, builtIn: true, bytes: archive.byteLength, added: 0 };
      }),
    );
    return [...builtIn, ...own];
  }

  async add(source: BundleSource, signal?: AbortSignal): Promise<AgentEntry> {
    return this.#keep(crypto.randomUUID(), await this.#read(source, signal));
  }

  async change(id: string, changes: BundleChanges): Promise<AgentEntry> {
    return alone(id, async () => {
      const { archive } = await this.#kept(id);
      return this.#keep(id, await this.#python.changeBundle(archive, changes));
    });
  }

  async duplicate(id: string): Promise<AgentEntry> {
    const { archive, report } = await this.#find(id);
    const names = new Set((await this.list()).map(({ name }) => name));
    let name = `${report.name} (copy)`;
    for (let count = 2; names.has(name); count++) name = `${report.name} (copy ${count})`;
    return this.#keep(crypto.randomUUID(), await this.#python.changeBundle(archive, { name }));
  }

  async export(id: string): Promise<File> {
    const { archive, report } = await this.#find(id);
    const { name, text, entry } = report;
    const stem = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "agent";
    const suffix = entry.slice(entry.lastIndexOf("."));
    return text === undefined
      ? new File([archive], `${stem}.zip`, { type: "application/zip" })
      : new File([text], `${stem}${suffix}`, {
          type: suffix === ".md" ? "text/markdown" : "application/yaml",
        });
  }

  async remove(id: string): Promise<void> {
    return alone(id, async () => {
      await this.#kept(id);
      await this.#settings.update<AgentEntry[]>(LIST, (all = []) => all.filter((agent) => agent.id !== id));
      await this.#settings.remove(archiveOf(id));
    });
  }

  async open(what: { agent: string } | { bundle: BundleSource }): Promise<SessionAgent> {
    const id = "agent" in what ? { id: what.agent } : {};
    const { archive, report } = await ("agent" in what ? this.#find(what.agent) : this.#read(what.bundle));
    const { name, providers, refused, servers = [] } = report;
    return { ...id, name, archive, providers, servers, known: refused.map(({ module }) => module) };
  }

  async has(id: string): Promise<boolean> {
    return this.#comesWithSite(id) || (await ownAgents(this.#settings)).some((agent) => agent.id === id);
  }

  async #read(source: BundleSource, signal?: AbortSignal): Promise<ReadBundle> {
    return this.#python.readBundle(await filesOf(source, signal), signal);
  }

  #readBuiltIn(id: string, file: BundleFile): Promise<ReadBundle> {
    const known = this.#builtIn.get(id);
    if (known) return known;
    const reading = this.#python.readBundle([file]);
    this.#builtIn.set(id, reading);
    reading.catch(() => this.#builtIn.delete(id));
    return reading;
  }

  #comesWithSite(id: string): boolean {
    return this.#shipped.some(([known]) => known === id);
  }

  async #find(id: string): Promise<ReadBundle> {
    const builtIn = this.#shipped.find(([known]) => known === id);
    return builtIn ? this.#readBuiltIn(...builtIn) : this.#kept(id);
  }

  /** @throws AlcoveError `bad-request` where it is not the person's own */
  async #kept(id: string): Promise<ReadBundle> {
    const report = (await ownAgents(this.#settings)).find((agent) => agent.id === id);
    const archive = report && (await this.#settings.get<ArrayBuffer>(archiveOf(id)));
    if (report && archive) return { archive, report };
    if (this.#comesWithSite(id)) {
      throw new AlcoveError("bad-request", "An agent that comes with the site stays as it is.", {
        action: "Duplicate it, and change the copy.",
      });
    }
    throw new AlcoveError("bad-request", "There is no such agent on this device.", {
      action: "Choose one of the list, or add it again.",
    });
  }

  async #keep(id: string, { archive, report }: ReadBundle): Promise<AgentEntry> {
    const agent: AgentEntry = { ...report, id, builtIn: false, bytes: archive.byteLength, added: Date.now() };
    try {
      // The bundle first: an agent of the list always has one.
      await this.#settings.set(archiveOf(id), archive);
      await this.#settings.update<AgentEntry[]>(LIST, (all = []) => {
        const before = all.find((each) => each.id === id);
        return before
          ? all.map((each) => (each === before ? { ...agent, added: before.added } : each))
          : [...all, agent];
      });
    } catch (thrown) {
      throw outOfReach(thrown);
    }
    return agent;
  }
}
