/** The page's side of being offline: how much is kept, and the offer of a new build. */

import { BUILD } from "../../../workers/build.ts";
import { scriptUrl } from "../../../workers/wire/trusted.ts";
import type { Alcove } from "../../sdk/index.ts";
import { percent } from "../kit/format.ts";
import type { ToPage, ToWorker, WorkerStatus } from "./protocol.ts";

const CHECK_EVERY_MS = 60 * 60 * 1_000;
const STATUS_MS = 3_000;

/** Emits `change` when something that it says has changed. */
export class Offline extends EventTarget {
  /** What works without a network, in a few words; empty while that is not known. */
  words = "";
  readonly notices: string[] = [];
  /** A newer build is on this device and waits for a reload. */
  updateReady = false;
  #registration: ServiceWorkerRegistration | null = null;
  #alcove: Alcove | null = null;
  #reloads = false;
  #checked = Date.now();
  #saved = false;

  /** Registers the service worker; never fails. Call it when the page has nothing more urgent to do. */
  async prepare(alcove: Alcove): Promise<void> {
    this.#alcove = alcove;
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    addEventListener("online", () => void this.#sayWhatWorks());
    addEventListener("offline", () => void this.#sayWhatWorks());
    if (!container) return this.#cannot("This browser does not let Alcove work offline.");
    container.addEventListener("message", (event) => this.#hear(event));
    container.startMessages();
    const controlled = container.controller !== null;
    container.addEventListener("controllerchange", () => this.#onNewController(controlled));
    try {
      const registration = await container.register(scriptUrl("./sw.js"), { updateViaCache: "none" });
      this.#registration = registration;
      this.#watch(registration);
      registration.addEventListener("updatefound", () => this.#watch(registration));
    } catch (thrown) {
      console.warn("The service worker could not be registered.", thrown);
      return this.#cannot("Alcove could not be saved for offline use on this device.");
    }
    alcove.addEventListener("status", () => {
      if (alcove.status.phase === "ready" && !this.words.startsWith("Works")) void this.#sayWhatWorks();
    });
    document.addEventListener("visibilitychange", () => void this.#check());
    await this.#onSaved();
  }

  /** Takes the new build: one reload, of this page only. */
  update(): void {
    this.#reloads = true;
    const waiting = this.#registration?.waiting;
    if (waiting) waiting.postMessage({ type: "activate" } satisfies ToWorker);
    else location.reload();
  }

  #watch(registration: ServiceWorkerRegistration): void {
    this.#offer(registration);
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      this.#offer(registration);
      if (installing.state === "activated") void this.#onSaved();
      else if (installing.state === "redundant" && !registration.active) {
        this.#say("");
        this.#cannot("Alcove could not be saved for offline use; it is tried again at the next visit.");
      }
    });
  }

  #offer(registration: ServiceWorkerRegistration): void {
    const offered = registration.waiting !== null && registration.active !== null;
    if (offered && !this.updateReady) {
      this.updateReady = true;
      this.#changed();
    }
  }

  /** Another service worker took over: because of us, of another tab, or as the first one ever. */
  #onNewController(controlled: boolean): void {
    if (this.#reloads) {
      this.#reloads = false;
      location.reload();
    } else if (controlled) {
      // Another tab took the update; this one goes on with what it has until the person reloads it.
      this.updateReady = true;
      this.#changed();
    }
  }

  #hear(event: MessageEvent): void {
    const message = event.data as ToPage;
    if (message.type === "which-build") event.ports[0]?.postMessage(BUILD.id);
    else if (message.type === "saving" && !this.#registration?.active) {
      this.#say(`Saving for offline… ${percent(message.done / message.total)}`);
    }
  }

  async #onSaved(): Promise<void> {
    const { active } = this.#registration ?? {};
    if (active?.state !== "activated") return;
    this.#saved = (await askStatus(active))?.complete === true;
    active.postMessage({ type: "tidy" } satisfies ToWorker);
    await this.#sayWhatWorks();
  }

  /** Says no more than what is true: the program and the model are kept apart. */
  async #sayWhatWorks(): Promise<void> {
    const away = !navigator.onLine;
    if (!this.#saved) return this.#say(away ? "No network" : this.words);
    const models = (await this.#alcove?.models.list().catch(() => [])) ?? [];
    if (models.some(({ cached }) => cached)) this.#say(away ? "Working offline" : "Works offline");
    else this.#say(away ? "No network" : "App saved; the model is not yet");
  }

  async #check(): Promise<void> {
    if (document.hidden || !navigator.onLine || Date.now() - this.#checked < CHECK_EVERY_MS) return;
    this.#checked = Date.now();
    await this.#registration?.update().catch(() => undefined);
  }

  #cannot(notice: string): void {
    if (!this.notices.includes(notice)) this.notices.push(notice);
    this.#changed();
  }

  #say(words: string): void {
    if (words === this.words) return;
    this.words = words;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function askStatus(active: ServiceWorker): Promise<WorkerStatus | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), STATUS_MS);
    port1.onmessage = (event) => {
      clearTimeout(timer);
      resolve(event.data as WorkerStatus);
    };
    active.postMessage({ type: "status" } satisfies ToWorker, [port2]);
  });
}
