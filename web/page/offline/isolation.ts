/**
 * On a host that sends no headers the service worker adds them, and one reload isolates the page: it gets shared
 * memory, hence threads. One, and never a loop: a page that a reload has not isolated does not ask for another.
 */
import type { WorkerStatus } from "./protocol.ts";
import { w } from "./words.ts";

/** In session storage: when this tab was last reloaded for the sake of isolation. */
const TRIED = "alcove.isolation-tried";
/**
 * In local storage: when a page of this site was last isolated. An isolated page and the one before it are in different
 * processes, and what one of them takes out of session storage the other may still find there.
 */
const ISOLATED = "alcove.isolated";
/** A page is isolated by both together. */
const NEEDED: readonly string[] = ["Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy"];

const threads = (): { count: number } => ({ count: navigator.hardwareConcurrency ?? 2 });

/** Whether the service worker adds what the host leaves out of them. */
const isolates = (added: readonly string[] = []): boolean => added.some((name) => NEEDED.includes(name));

/** What the person is told of a page that the service worker has isolated; empty where it has not. */
export function gained({ added }: WorkerStatus): string {
  if (!crossOriginIsolated || !isolates(added)) return "";
  return w.isolated(threads());
}

/** What a reload brings, for its offer. */
export const promise = (): string => w.isolates(threads());

/** Whether a reload would isolate this page. */
export function reloadIsolates({ added, complete }: WorkerStatus): boolean {
  if (crossOriginIsolated) {
    noteIsolated();
    return false;
  }
  return complete && isolates(added) && isSecureContext && window.top === window && !tried();
}

/** Nobody has touched the page since it was opened: a reload takes nothing away. */
export function untouched(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const activation = navigator.userActivation as UserActivation | undefined;
  return entry?.type === "navigate" && activation?.hasBeenActive === false;
}

/** Reloads the page, unless this tab could not remember that it did. */
export function reload(): boolean {
  try {
    sessionStorage.setItem(TRIED, String(Date.now()));
  } catch {
    return false;
  }
  if (!tried()) return false;
  location.reload();
  return true;
}

/** A reload has not isolated the page; a tab that cannot remember any counts as such. */
function tried(): boolean {
  try {
    const at = sessionStorage.getItem(TRIED);
    return at !== null && Number(localStorage.getItem(ISOLATED) ?? 0) < Number(at);
  } catch {
    return true;
  }
}

function noteIsolated(): void {
  try {
    localStorage.setItem(ISOLATED, String(Date.now()));
  } catch {
    // Then the next forced reload is not followed by an offer.
  }
}
