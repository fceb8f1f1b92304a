/** What the tabs of one origin share: locks and disk space. */
import { AlcoveError } from "../wire/errors.ts";

/** One tab at a time; the lock of a tab that dies is free again. */
export function exclusively<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request(`alcove-${name}`, { signal }, task) as Promise<T>) : task();
}

/** @throws AlcoveError `quota` when the browser says that `bytes` do not fit */
export async function needRoom(bytes: number): Promise<void> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  const { quota, usage } = (await storage?.estimate()) ?? {};
  if (quota === undefined || usage === undefined || quota - usage >= bytes) return;
  const mb = (value: number) => `${Math.ceil(value / 1e6)} MB`;
  throw new AlcoveError("quota", `The browser has ${mb(quota - usage)} left; this model needs ${mb(bytes)}.`);
}
