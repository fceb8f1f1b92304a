/**
 * Python takes some 130 MB in each tab, and no two tabs can share one: what one runs must not stop the other. So a tab
 * that nobody uses gives it back, and starts it again when it is shown, focused or used.
 */
import type { PythonClient } from "../../workers/python/client.ts";

/** Going to and fro between tabs restarts nothing. */
const AFTER_MS = 120_000;
const CHANNEL = "alcove-focus";

/**
 * Lets Python rest while the page is hidden, or stands beside another tab of this site that has the focus, until the
 * returned function is called. A tab that is alone never rests while it is seen: who types in another program comes back.
 */
export function restWhileUnused(python: PythonClient): () => void {
  const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  const stop = new AbortController();
  let timer: ReturnType<typeof setInterval> | undefined;
  let unused: boolean | undefined;
  const isHidden = () => document.visibilityState === "hidden";
  const set = (now: boolean) => {
    if (now === unused) return;
    unused = now;
    clearInterval(timer);
    // Again and again: it may have something to do the first time.
    if (now) timer = setInterval(() => python.rest(), AFTER_MS);
    else python.wake();
  };
  const look = () => {
    set(isHidden());
    if (!isHidden() && document.hasFocus()) tabs?.postMessage(null);
  };
  const { signal } = stop;
  document.addEventListener("visibilitychange", look, { signal });
  addEventListener("focus", look, { signal });
  tabs?.addEventListener("message", () => set(isHidden() || !document.hasFocus()), { signal });
  look();
  return () => {
    stop.abort();
    tabs?.close();
    clearInterval(timer);
  };
}
