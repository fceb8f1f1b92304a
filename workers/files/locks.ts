/** What the tabs of one origin share: locks, how far a download is, and disk space. */
import type { LoadProgress } from "../engine/contract.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";

type Tell = (progress: LoadProgress) => void;

const nameOf = (name: string): string => `alcove-${name}`;

/** One tab at a time; the lock of a tab that dies is free again. */
export function exclusively<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  return locked(name, "exclusive", signal, task);
}

/** Any number of tabs at a time, but none while one is there {@link exclusively}. */
export function together<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  return locked(name, "shared", signal, task);
}

/** As {@link exclusively}, but does nothing while another has the lock. */
export async function ifFree(name: string, task: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) return task();
  await locks.request(nameOf(name), { ifAvailable: true }, (lock) => (lock ? task() : undefined));
}

function locked<T>(name: string, mode: LockMode, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request(nameOf(name), { signal, mode }, task) as Promise<T>) : task();
}

/**
 * As {@link exclusively}, for a download, which tells how far it is: whoever waits meanwhile, in any tab, is told the same.
 * @throws AlcoveError `cancelled` after an abort, else what the task fails with
 */
export async function following<T>(
  name: string,
  tell: Tell,
  signal: AbortSignal,
  task: (tell: Tell) => Promise<T>,
): Promise<T> {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(nameOf(name));
  const listen = ({ data }: MessageEvent<LoadProgress>) => tell(data);
  channel?.addEventListener("message", listen);
  try {
    return await exclusively(name, signal, () => {
      channel?.removeEventListener("message", listen);
      return task((progress) => {
        tell(progress);
        channel?.postMessage(progress);
      });
    });
  } catch (thrown) {
    if (signal.aborted) throw new AlcoveError("cancelled", "The download was stopped.");
    throw toAlcoveError(thrown);
  } finally {
    channel?.close();
  }
}

/** Bytes that the browser would still take, as far as it tells. */
export async function room(): Promise<number> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  const { quota, usage } = (await storage?.estimate()) ?? {};
  return quota === undefined || usage === undefined ? Number.POSITIVE_INFINITY : quota - usage;
}

/** @throws AlcoveError `quota` when the browser says that `bytes` do not fit */
export async function needRoom(bytes: number): Promise<void> {
  const left = await room();
  if (left >= bytes) return;
  const mb = (value: number) => `${Math.ceil(value / 1e6)} MB`;
  const message = `The browser has ${mb(left)} left; this model needs ${mb(bytes)}.`;
  throw new AlcoveError("quota", message, { bytes });
}
