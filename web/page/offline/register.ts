/** The page's side of being offline: how much is kept, and the offer of a new build. */

import { BUILD } from "../../../workers/build.ts";
import { scriptUrl } from "../../../workers/wire/trusted.ts";
import type { Alcove } from "../../sdk/index.ts";
import { percent } from "../kit/format.ts";
import { ask } from "./ask.ts";
import { gained, promise, reload, reloadIsolates, untouched } from "./isolation.ts";
import type { NotSaved, Repaired, ToPage, ToWorker, WorkerStatus } from "./protocol.ts";
import { takeOver } from "./take-over.ts";
import { w } from "./words.ts";

const CHECK_EVERY_MS = 60 * 60 * 1_000;
const FIRST_AGAIN_MS = 60_000;
/** A question is lost with a service worker that ends, as one does that shares the process of a tab that was killed. */
const STATUS_MS = 20_000;
const STATUS_ASKED = 4;

/** What is said when nothing is saved yet, and when this build is and the next one cannot be; null: nothing. */
const NOT_SAVED = {
  quota: { first: "noRoom", next: "noRoomForNext" },
  altered: { first: "altered", next: null },
  unreachable: { first: "unreachable", next: null },
} as const satisfies Record<NotSaved, unknown>;

/** Emits `change` when something that it says has changed. */
export class Offline extends EventTarget {
  #words = (): string => "";
  readonly notices: string[] = [];
  #newer: "updateReady" | "updateLate" | null = null;
  /** The newer build was taken and is on its way. */
  updating = false;
  /** On a host that sends no headers a reload would bring threads. */
  #isolates = false;
  #registration: ServiceWorkerRegistration | null = null;
  #alcove: Alcove | null = null;
  #repairs = false;
  #checked = Date.now();
  #againMs = FIRST_AGAIN_MS;
  #again: ReturnType<typeof setTimeout> | undefined;
  #saved = false;
  /** There was no room for the last build that came. */
  #full = false;
  readonly #watched = new WeakSet<ServiceWorker>();

  /** What works without a network, in a few words; empty while that is not known. */
  get words(): string {
    return this.#words();
  }

  /** What is said of a newer build that is on this device and waits for a reload; empty while there is none. */
  get updateOffer(): string {
    return this.#newer ? w[this.#newer] : "";
  }

  /** What a reload would bring on a host that sends no headers; empty where it would bring nothing. */
  get isolationOffer(): string {
    return this.#isolates ? promise() : "";
  }

  /** Registers the service worker; never fails. */
  async prepare(alcove: Alcove): Promise<void> {
    this.#alcove = alcove;
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    addEventListener("online", () => void this.#sayWhatWorks());
    addEventListener("offline", () => void this.#sayWhatWorks());
    if (!container) return this.#note(w.unsupported);
    container.addEventListener("message", (event) => this.#hear(event));
    container.startMessages();
    const controlled = container.controller !== null;
    container.addEventListener("controllerchange", () => this.#onNewController(controlled));
    try {
      await this.#register(container);
    } catch (thrown) {
      console.warn("The service worker could not be registered.", thrown);
      return this.#note(w.notRegistered);
    }
    alcove.addEventListener("status", () => {
      const { phase } = alcove.status;
      if (phase === "ready" && this.words !== w.works) void this.#sayWhatWorks();
      if (phase === "error") void this.repair();
    });
    document.addEventListener("visibilitychange", () => void this.#check());
    await this.#onSaved();
  }

  async #register(container: ServiceWorkerContainer): Promise<void> {
    const registration = await container.register(scriptUrl("./sw.js"), { updateViaCache: "none" });
    if (registration !== this.#registration) {
      this.#registration = registration;
      registration.addEventListener("updatefound", () => this.#watch(registration));
    }
    this.#watch(registration);
  }

  /** Takes the new build: one reload, of this page only. */
  async update(): Promise<void> {
    this.updating = true;
    this.#changed();
    const taken = !this.#registration || (await takeOver(this.#registration));
    this.updating = false;
    if (taken && !this.#answers()) return location.reload();
    if (!taken) this.#newer = "updateLate";
    this.#changed();
  }

  /** Takes the offer of isolation: one reload. */
  isolate(): void {
    reload();
  }

  /** Has what is kept of the site checked, once, after something failed that a damaged file may have caused. */
  async repair(): Promise<void> {
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (this.#repairs || !container?.controller) return;
    this.#repairs = true;
    const { replaced } = (await ask<Repaired>(container.controller, "repair")) ?? { replaced: 0 };
    if (replaced > 0) this.#note(w.mended);
  }

  #watch(registration: ServiceWorkerRegistration): void {
    this.#offer(registration);
    // One may be activating still while the next is on its way, and may have come so far before the page listens.
    for (const coming of [registration.installing, registration.waiting, registration.active]) {
      if (!coming || this.#watched.has(coming)) continue;
      this.#watched.add(coming);
      let { state } = coming;
      coming.addEventListener("statechange", () => {
        const cut = coming.state === "redundant" && state === "installing";
        ({ state } = coming);
        this.#offer(registration);
        if (state === "activated") void this.#onSaved();
        if (!cut) return;
        if (!registration.active) this.#say(() => "");
        if (!this.#full) this.#checkAgain();
      });
    }
  }

  #offer(registration: ServiceWorkerRegistration): void {
    const offered = registration.waiting !== null && registration.active !== null;
    if (offered) this.#offerUpdate();
  }

  /** Another service worker took over: because of us, of another tab, or as the first one ever. */
  #onNewController(controlled: boolean): void {
    if (!controlled) return;
    // Another tab took the update; this one goes on with what it has until the person reloads it.
    this.#offerUpdate();
  }

  #offerUpdate(): void {
    if (this.#newer) return;
    this.#newer = "updateReady";
    this.#changed();
  }

  #answers(): boolean {
    const phase = this.#alcove?.status.phase;
    return phase === "thinking" || phase === "answering";
  }

  #hear(event: MessageEvent): void {
    const message = event.data as ToPage;
    if (message.type === "which-build") event.ports[0]?.postMessage(BUILD.id);
    else if (message.type === "saving" && !this.#registration?.active) {
      const done = percent(message.done / message.total);
      this.#say(() => w.saving({ done }));
    } else if (message.type === "saved") {
      void this.#onSaved();
    } else if (message.type === "not-saved") {
      console.warn("This build was not saved.", message.detail);
      const { first, next } = NOT_SAVED[message.reason];
      // The page may hear this before it has its registration.
      const key = this.#registration?.active || navigator.serviceWorker.controller ? next : first;
      this.#full = message.reason === "quota";
      if (key) this.#note(w[key]);
    }
  }

  async #onSaved(): Promise<void> {
    const status = await this.#status();
    if (!status) return;
    this.#saved = status.complete;
    this.#registration?.active?.postMessage({ type: "tidy" } satisfies ToWorker);
    this.#offerIsolation(status);
    await this.#sayWhatWorks();
  }

  /** What the service worker says; null where none serves, or none says anything. */
  async #status(): Promise<WorkerStatus | null> {
    for (let asked = 0; asked < STATUS_ASKED; asked++) {
      const { active } = this.#registration ?? {};
      if (active?.state !== "activated") return null;
      const status = await ask<WorkerStatus>(active, "status", STATUS_MS);
      if (status) return status;
    }
    return null;
  }

  #offerIsolation(status: WorkerStatus): void {
    const words = gained(status);
    if (words) this.#note(words);
    if (!reloadIsolates(status)) return;
    // A download goes on where it was; an answer would not.
    if (untouched() && !this.#answers() && reload()) return;
    this.#isolates = true;
    this.#changed();
  }

  /** Says no more than what is true: the program and the model are kept apart. */
  async #sayWhatWorks(): Promise<void> {
    const away = !navigator.onLine;
    if (!this.#saved) return away ? this.#say(() => w.noNetwork) : undefined;
    const models = (await this.#alcove?.models.list().catch(() => [])) ?? [];
    if (models.some(({ cached }) => cached)) this.#say(() => (away ? w.working : w.works));
    else this.#say(() => (away ? w.noNetwork : w.noModel));
  }

  async #check(): Promise<void> {
    if (document.hidden || !navigator.onLine || Date.now() - this.#checked < CHECK_EVERY_MS) return;
    await this.#update();
  }

  /**
   * A build did not come whole: its host may be publishing the next one in this very moment, a browser ends what takes
   * more than a few minutes, and a service worker ends with a tab whose process it shares. The next try goes on with
   * what came.
   */
  #checkAgain(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#update(), this.#againMs);
    this.#againMs = Math.min(2 * this.#againMs, CHECK_EVERY_MS);
  }

  async #update(): Promise<void> {
    this.#checked = Date.now();
    const { active, installing, waiting } = this.#registration ?? {};
    // Where the first one failed nothing is left that could be updated.
    const none = !active && !installing && !waiting;
    const updating = none ? this.#register(navigator.serviceWorker) : this.#registration?.update();
    await updating?.catch(() => undefined);
  }

  #note(notice: string): void {
    if (!this.notices.includes(notice)) this.notices.push(notice);
    this.#changed();
  }

  #say(words: () => string): void {
    const before = this.words;
    this.#words = words;
    if (words() === before) return;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
