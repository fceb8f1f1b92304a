/**
 * The downloads of this browser: one after the other, in the order asked. What is under way is remembered, so that
 * nothing is forgotten when the page is closed; and the tabs share it.
 */
import type { LoadProgress } from "../../../workers/engine/contract.ts";
import { lostConnection } from "../../../workers/files/interrupted.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { Queue } from "../../../workers/wire/queue.ts";
import { askToPersist } from "../store/persist.ts";
import type { Settings } from "../store/settings.ts";
import type { Download } from "./download.ts";
import { DownloadTabs } from "./download-tabs.ts";
import { Speed } from "./speed.ts";

/** Name of the setting with what is under way, by model. */
const KEPT = "downloads";
/** How often the amount that came is written down. */
const KEEP_EVERY_MS = 3_000;
/** How often a download goes on by itself after its worker went away: the engine of chats lives there too. */
const MOST_RESTARTS = 3;
/** A server that cannot be reached is no network that comes back: no event tells when it can. */
const AGAIN_MS = 60_000;

type Tell = (progress: LoadProgress) => void;

interface DownloadsOptions {
  settings: Settings;
  /** Brings a model here; goes on with what came before. */
  fetch(
    id: string,
    options: { onProgress: Tell; signal: AbortSignal; acceptChanged: boolean },
  ): Promise<void>;
  /** Deletes what came of a model. */
  discard(id: string): Promise<void>;
  /** @throws AlcoveError `model-not-found` */
  nameOf(id: string): Promise<string>;
  /** Something is to be drawn anew; `models`: a model came, or what came of one went. */
  onChange(what: "downloads" | "models"): void;
  /** After how long what lost its connection is tried again. */
  againMs?: number;
}

/** A download that this tab has asked for. */
interface Job {
  readonly controller: AbortController;
  readonly listeners: Set<Tell>;
  readonly speed: Speed;
  readonly acceptChanged: boolean;
  outcome: Promise<void>;
  /** What becomes of it, where that was decided before it ended. */
  fate?: Pick<Download, "state" | "why" | "error"> | "gone";
  /** Whether it is this tab that fetches. */
  owns: boolean;
  keptAt: number;
}

const stopped = () => new AlcoveError("cancelled", "The download was stopped.");

export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #entries = new Map<string, Download>();
  readonly #jobs = new Map<string, Job>();
  readonly #queue = new Queue();
  readonly #tabs: DownloadTabs;
  readonly #againMs: number;
  /** What lost its connection, though the browser says that there is a network, is tried again then. */
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#againMs = options.againMs ?? AGAIN_MS;
    this.#tabs = new DownloadTabs({
      onState: (download) => this.#heard(download),
      onGone: (id) => this.#heardGone(id),
      onAsk: (ask, id) => {
        if (this.#jobs.get(id)?.owns) void (ask === "pause" ? this.pause(id) : this.cancel(id));
      },
      mine: () => [...this.#jobs].flatMap(([id, { owns }]) => (owns ? (this.#entries.get(id) ?? []) : [])),
    });
    void this.#restore().catch(() => undefined);
    globalThis.addEventListener?.("online", this.#online);
  }

  get list(): Download[] {
    return [...this.#entries.values()];
  }

  /**
   * Resolves when the model is here. An abort of `signal` pauses the download.
   * @throws AlcoveError what the download fails with; `cancelled` when it is paused or cancelled
   */
  async start(
    id: string,
    options: { onProgress?: Tell; signal?: AbortSignal; acceptChanged?: boolean } = {},
  ): Promise<void> {
    const { onProgress, signal, acceptChanged = false } = options;
    const name = await this.#options.nameOf(id);
    if (signal?.aborted || this.#closed) throw stopped();
    const job = this.#jobs.get(id) ?? this.#begin(id, name, acceptChanged);
    if (onProgress) job.listeners.add(onProgress);
    const pause = () => void this.pause(id);
    signal?.addEventListener("abort", pause, { once: true });
    try {
      await job.outcome;
    } finally {
      signal?.removeEventListener("abort", pause);
    }
  }

  /** What came is kept. */
  async pause(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (this.#entries.get(id)?.elsewhere) this.#tabs.ask("pause", id);
    if (!job) return;
    job.fate = { state: "paused", why: "person" };
    job.controller.abort();
    await job.outcome.catch(() => undefined);
  }

  /** Stops it wherever it runs, and deletes what came. */
  async cancel(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    const elsewhere = this.#entries.get(id)?.elsewhere;
    if (elsewhere) this.#tabs.ask("cancel", id);
    if (job) job.fate = "gone";
    job?.controller.abort();
    await job?.outcome.catch(() => undefined);
    if (elsewhere) return;
    await this.#options.discard(id);
    await this.#forget(id);
  }

  /** Takes a model off the list, for it is removed: one that is under way is cancelled. */
  async drop(id: string): Promise<void> {
    if (this.#entries.has(id)) await this.cancel(id);
  }

  close(): void {
    this.#closed = true;
    globalThis.removeEventListener?.("online", this.#online);
    clearTimeout(this.#again);
    for (const { controller } of this.#jobs.values()) controller.abort();
    this.#tabs.close();
  }

  readonly #online = (): void => {
    for (const { id, why } of this.list) if (why === "network") this.start(id).catch(() => undefined);
  };

  /** Without a network there is nothing to try: the event tells when it is back. */
  #tryLater(): void {
    clearTimeout(this.#again);
    if (this.#closed) return;
    this.#again = setTimeout(() => {
      if (navigator.onLine === false) return;
      this.#online();
    }, this.#againMs);
    // Node goes on living for a timer.
    (this.#again as { unref?(): void }).unref?.();
  }

  #begin(id: string, name: string, acceptChanged: boolean): Job {
    const { bytes = 0, total = 0 } = this.#entries.get(id) ?? {};
    const job: Job = {
      controller: new AbortController(),
      listeners: new Set(),
      speed: new Speed(),
      acceptChanged,
      outcome: Promise.resolve(),
      owns: false,
      keptAt: 0,
    };
    this.#jobs.set(id, job);
    this.#set({ id, name, state: "queued", bytes, total, secondsLeft: null, elsewhere: false });
    const { signal } = job.controller;
    const elsewhere = () => this.#change(id, { state: "running", elsewhere: true });
    const fetch = async () => {
      job.owns = true;
      this.#change(id, { state: "queued", elsewhere: false });
      await this.#keep(id);
      await this.#queue.run(() => this.#fetch(id, job), signal);
    };
    job.outcome = this.#tabs.alone(id, signal, elsewhere, () => fetch().then(...this.#ends(id, job)));
    // A wait for another tab that was given up ends before it began.
    job.outcome = job.outcome.catch((thrown) =>
      job.owns ? Promise.reject(thrown) : this.#failed(id, job, thrown),
    );
    job.outcome.catch(() => undefined);
    return job;
  }

  #ends(id: string, job: Job): [() => Promise<void>, (thrown: unknown) => Promise<void>] {
    return [() => this.#done(id), (thrown) => this.#failed(id, job, thrown)];
  }

  async #fetch(id: string, job: Job): Promise<void> {
    const { signal } = job.controller;
    this.#change(id, { state: "running" });
    const onProgress = (progress: LoadProgress) => this.#moved(id, job, progress);
    for (let restarts = 0; ; restarts++) {
      try {
        return await this.#options.fetch(id, { onProgress, signal, acceptChanged: job.acceptChanged });
      } catch (thrown) {
        const { code } = toAlcoveError(thrown);
        const workerWent = code === "engine-crashed" || code === "cancelled";
        if (signal.aborted || !workerWent || restarts >= MOST_RESTARTS) throw thrown;
      }
    }
  }

  #moved(id: string, job: Job, progress: LoadProgress): void {
    for (const tell of job.listeners) tell(progress);
    if (job.fate) return;
    const { stage, bytes, total, until } = progress;
    if (stage === "waiting" && until !== undefined) {
      this.#change(id, { secondsLeft: null, waitsUntil: until });
    } else if (stage === "downloading") {
      this.#change(id, { bytes, total, secondsLeft: job.speed.heard(bytes, total), waitsUntil: undefined });
    }
    const now = performance.now();
    if (now - job.keptAt < KEEP_EVERY_MS) return;
    job.keptAt = now;
    void this.#keep(id);
  }

  async #done(id: string): Promise<void> {
    this.#jobs.delete(id);
    const { total = 0, bytes = 0 } = this.#entries.get(id) ?? {};
    const whole = Math.max(total, bytes);
    this.#change(id, { state: "done", bytes: whole, total: whole, secondsLeft: null, waitsUntil: undefined });
    await this.#unkeep(id);
    this.#options.onChange("models");
    void askToPersist().catch(() => undefined);
  }

  async #failed(id: string, job: Job, thrown: unknown): Promise<never> {
    this.#jobs.delete(id);
    const error = toAlcoveError(thrown);
    const { fate = fateOf(error) } = job;
    if (fate !== "gone") {
      const rest = { secondsLeft: null, waitsUntil: undefined, elsewhere: false };
      this.#change(id, { why: undefined, error: undefined, ...fate, ...rest }, job.owns);
      if (fate.why === "network") this.#tryLater();
      if (job.owns) await this.#keep(id);
    } else if (!job.owns) {
      this.#entries.delete(id);
      this.#options.onChange("downloads");
    }
    throw fate !== "gone" && fate.error ? AlcoveError.from(fate.error) : error;
  }

  /** Another tab tells of what it fetches. */
  #heard(download: Download): void {
    const { id, state, bytes, total, why, error } = download;
    const job = this.#jobs.get(id);
    if (job?.owns) return;
    const moves = state === "running" || state === "queued";
    const known = this.#entries.get(id)?.elsewhere === true;
    if (job && (state === "paused" || state === "failed")) {
      job.fate = { state, ...(why ? { why } : {}), ...(error ? { error } : {}) };
      job.controller.abort();
      return;
    }
    for (const tell of job?.listeners ?? []) tell({ stage: "downloading", bytes, total });
    this.#entries.set(id, { ...download, elsewhere: moves });
    if (moves && !known && !job) void this.#tabs.elsewhere(id, () => this.#leftBehind(id));
    this.#options.onChange(state === "done" ? "models" : "downloads");
  }

  #heardGone(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.owns) return;
    if (job) job.fate = "gone";
    job?.controller.abort();
    this.#entries.delete(id);
    this.#options.onChange("models");
  }

  /** The tab that fetched it is gone without a word. */
  #leftBehind(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.elsewhere) this.#set(restored(entry));
  }

  async #restore(): Promise<void> {
    const kept = (await this.#options.settings.get<Record<string, Download>>(KEPT)) ?? {};
    for (const download of Object.values(kept)) {
      const { id } = download;
      if (this.#entries.has(id)) continue;
      const elsewhere = await this.#tabs.elsewhere(id, () => this.#leftBehind(id));
      if (this.#entries.has(id)) continue;
      this.#entries.set(id, elsewhere ? { ...download, elsewhere } : restored(download));
    }
    this.#tabs.hello();
    if (this.list.some(({ why }) => why === "network")) this.#tryLater();
    if (this.#entries.size > 0) this.#options.onChange("downloads");
  }

  #set(download: Download): void {
    this.#entries.set(download.id, download);
    this.#options.onChange("downloads");
  }

  #change(id: string, change: { [K in keyof Download]?: Download[K] | undefined }, tell = true): void {
    const before = this.#entries.get(id);
    if (!before) return;
    const entries = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
    const now = Object.fromEntries(entries) as unknown as Download;
    this.#set(now);
    if (tell && !now.elsewhere) this.#tabs.tell(now);
  }

  /** Where nothing can be written down, a download comes all the same. */
  async #keep(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) await this.#remember((kept) => ({ ...kept, [id]: entry }));
  }

  async #unkeep(id: string): Promise<void> {
    await this.#remember(({ [id]: _, ...kept } = {}) => kept);
  }

  async #remember(change: (kept?: Record<string, Download>) => Record<string, Download>): Promise<void> {
    await this.#options.settings.update(KEPT, change).catch(() => undefined);
  }

  async #forget(id: string): Promise<void> {
    this.#entries.delete(id);
    await this.#unkeep(id);
    this.#tabs.tellGone(id);
    this.#options.onChange("models");
  }
}

const fateOf = (error: AlcoveError): Pick<Download, "state" | "why" | "error"> => {
  if (error.code === "cancelled") return { state: "paused", why: "closed" };
  if (lostConnection(error)) return { state: "paused", why: "network", error: error.toData() };
  return { state: "failed", error: error.toData() };
};

/** As it is found when the tab that fetched it is no more. */
const restored = (download: Download): Download => {
  const { waitsUntil: _, ...kept } = download;
  const moved = kept.state === "queued" || kept.state === "running";
  return {
    ...kept,
    ...(moved ? { state: "paused", why: "closed" } : {}),
    secondsLeft: null,
    elsewhere: false,
  };
};
