/** How the tabs of one browser share their downloads: one fetches a model, under its lock; the others are told. */
import type { Download } from "./download.ts";

type Message =
  | { state: Download }
  | { gone: string }
  | { ask: "pause" | "cancel"; id: string }
  /** A tab that was just opened wants to know. */
  | { hello: true };

interface TabsOptions {
  onState(download: Download): void;
  onGone(id: string): void;
  onAsk(ask: "pause" | "cancel", id: string): void;
  /** What this tab fetches. */
  mine(): Download[];
}

const CHANNEL = "alcove-downloads";

const lockOf = (id: string): string => `alcove-download-${id}`;
const locks = (): LockManager | undefined => (globalThis.navigator as Navigator | undefined)?.locks;

export class DownloadTabs {
  #channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  constructor({ onState, onGone, onAsk, mine }: TabsOptions) {
    // Node goes on living for a channel; browsers know no such thing.
    (this.#channel as { unref?(): void } | null)?.unref?.();
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if ("state" in data) onState(data.state);
      else if ("gone" in data) onGone(data.gone);
      else if ("ask" in data) onAsk(data.ask, data.id);
      else for (const state of mine()) this.#post({ state });
    });
  }

  hello(): void {
    this.#post({ hello: true });
  }

  tell(state: Download): void {
    this.#post({ state });
  }

  tellGone(id: string): void {
    this.#post({ gone: id });
  }

  ask(ask: "pause" | "cancel", id: string): void {
    this.#post({ ask, id });
  }

  /** Runs `task` as the one tab that fetches this model. While another does, `onElsewhere` is told and it waits. */
  async alone(
    id: string,
    signal: AbortSignal,
    onElsewhere: () => void,
    task: () => Promise<void>,
  ): Promise<void> {
    const manager = locks();
    if (!manager) return task();
    let free = false;
    await manager.request(lockOf(id), { ifAvailable: true }, async (lock) => {
      free = lock !== null;
      if (free) await task();
    });
    if (free) return;
    onElsewhere();
    await manager.request(lockOf(id), { signal }, task);
  }

  /** Whether another tab fetches it; `onFree` is called once, when that ends or the tab dies. */
  async elsewhere(id: string, onFree: () => void): Promise<boolean> {
    const manager = locks();
    if (!manager) return false;
    const free = await manager.request(lockOf(id), { ifAvailable: true }, (lock) => lock !== null);
    if (!free) void manager.request(lockOf(id), onFree);
    return !free;
  }

  close(): void {
    this.#channel?.close();
    // What is stopped now has nobody to tell: a closed channel throws.
    this.#channel = null;
  }

  #post(message: Message): void {
    this.#channel?.postMessage(message);
  }
}
