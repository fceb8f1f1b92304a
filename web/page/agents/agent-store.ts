/** The agents that there are, and what is being done with them: the state behind the Agents tab. */
import type { AgentEntry, Alcove, BundleChanges, BundleSource } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { saveFiles } from "../kit/save.ts";
import { TabStore } from "../state/tab-store.ts";
import { broughtBy } from "./words.ts";

/** Key of what is being added, or of what went wrong with it. */
export const ADDED = "added";
/** Key of what is done to Python. */
export const PYTHON = "python";

/** What a person installed into Python. */
export type Wheel = Awaited<ReturnType<Alcove["python"]["installed"]>>[number];

/** Emits `change` after every change. */
export class AgentStore extends TabStore {
  /** Null until the list was read. */
  agents: readonly AgentEntry[] | null = null;
  /** The list could not be read. */
  failure: Failure | null = null;
  /** Ids of agents, or {@link ADDED}, with which something is being done. */
  readonly busy = new Set<string>();
  /** What was added last. */
  added: AgentEntry | null = null;
  /** What is installed into Python. */
  wheels: readonly Wheel[] = [];
  /** What was installed last, a sentence each. */
  brought: readonly string[] = [];
  #stop = new AbortController();

  /** Reads the list, and follows what changes until `signal` ends that. */
  async watch(signal: AbortSignal): Promise<void> {
    try {
      const { agents } = await this.alcove;
      agents.addEventListener("change", () => void this.refresh(), { signal });
    } catch {
      // The list says what keeps Alcove from working.
    }
    await this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      const { agents, python } = await this.alcove;
      [this.agents, this.wheels] = await Promise.all([agents.list(), python.installed()]);
      this.failure = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.tell();
  }

  /** Whether it was added. */
  async add(source: BundleSource): Promise<boolean> {
    this.added = null;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    return this.attempt(ADDED, async ({ agents }) => {
      this.added = await agents.add(source, { signal });
    });
  }

  /** Ends what is being added. */
  stop(): void {
    this.#stop.abort();
  }

  /** Whether it was changed. */
  change(id: string, changes: BundleChanges): Promise<boolean> {
    return this.attempt(id, async ({ agents }) => void (await agents.change(id, changes)));
  }

  async duplicate(id: string): Promise<void> {
    await this.attempt(id, async ({ agents }) => {
      this.added = await agents.duplicate(id);
    });
  }

  async save(id: string): Promise<void> {
    await this.attempt(id, async ({ agents }) => saveFiles([await agents.export(id)]));
  }

  async remove(id: string): Promise<void> {
    await this.attempt(id, ({ agents }) => agents.remove(id));
    if (this.added?.id === id) this.added = null;
  }

  /** Installs wheels into Python, one after the other. */
  async install(files: readonly File[]): Promise<void> {
    this.brought = [];
    await this.attempt(PYTHON, async ({ python }) => {
      for (const file of files) {
        const report = await python.install(file);
        this.brought = [...this.brought, broughtBy(report, file.name)];
        this.wheels = await python.installed();
        this.tell();
      }
    });
  }

  async uninstall(name: string): Promise<void> {
    this.brought = [];
    await this.attempt(PYTHON, async ({ python }) => {
      await python.uninstall(name);
      this.wheels = await python.installed();
    });
  }

  /** Puts away what went wrong with an agent. */
  dismiss(id: string): void {
    this.failures.delete(id);
    this.tell();
  }

  override async attempt(key: string, work: (alcove: Alcove) => Promise<void>): Promise<boolean> {
    this.failures.delete(key);
    this.busy.add(key);
    this.tell();
    const done = await super.attempt(key, work);
    this.busy.delete(key);
    this.tell();
    return done;
  }
}
