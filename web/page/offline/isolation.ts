/**
 * On a host that sends no headers the service worker adds them, and one reload isolates the page: it gets shared
 * memory, hence threads. One, and never a loop: a page that a reload has not isolated does not ask for another.
 */
import type { WorkerStatus } from "./protocol.ts";

/** In session storage: this tab was reloaded for the sake of isolation. */
const TRIED = "alcove.isolation-tried";
const NEEDED = "Cross-Origin-Embedder-Policy";

const threads = (): string => `${navigator.hardwareConcurrency ?? "several"} threads`;

/** What the person is told of a page that the service worker has isolated; empty where it has not. */
export function gained({ added }: WorkerStatus): string {
  if (!crossOriginIsolated || !added?.includes(NEEDED)) return "";
  return `This site's host sends no isolation headers. Alcove adds them on this device, so the model runs on ${threads()}.`;
}

/** What a reload brings, for its offer. */
export const promise = (): string => `Reload once, and the model runs on ${threads()} instead of one.`;

/** Whether a reload would isolate this page. */
export function reloadIsolates({ added, complete }: WorkerStatus): boolean {
  if (crossOriginIsolated) {
    remember(false);
    return false;
  }
  return complete && added?.includes(NEEDED) === true && isSecureContext && window.top === window && !tried();
}

/** Nobody has touched the page since it was opened: a reload takes nothing away. */
export function untouched(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const activation = navigator.userActivation as UserActivation | undefined;
  return entry?.type === "navigate" && activation?.hasBeenActive === false;
}

/** Reloads the page, unless this tab could not remember that it did. */
export function reload(): boolean {
  if (!remember(true)) return false;
  location.reload();
  return true;
}

function tried(): boolean {
  try {
    return sessionStorage.getItem(TRIED) !== null;
  } catch {
    return true;
  }
}

function remember(isTried: boolean): boolean {
  try {
    if (isTried) sessionStorage.setItem(TRIED, "1");
    else sessionStorage.removeItem(TRIED);
    return tried() === isTried;
  } catch {
    return false;
  }
}
