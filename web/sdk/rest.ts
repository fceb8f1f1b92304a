/**
 * Python takes some 130 MB in each tab, and no two tabs can share one: what one runs must not stop the other. So a tab
 * that nobody looks at gives it back, and starts it again when it is shown or used.
 */
import type { PythonClient } from "../../workers/python/client.ts";

/** Going to and fro between tabs restarts nothing. */
const AFTER_MS = 120_000;

/** Lets Python rest while the page is hidden, until the returned function is called. */
export function restWhileHidden(python: PythonClient): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = () => {
    clearInterval(timer);
    // Again and again: it may have something to do the first time.
    if (document.visibilityState === "hidden") timer = setInterval(() => python.rest(), AFTER_MS);
    else python.wake();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
