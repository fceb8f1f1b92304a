/** From the build that serves the page to the one that waits. */
import { ask } from "./ask.ts";
import type { ToWorker, WorkerStatus } from "./protocol.ts";

const ANSWER_MS = 5_000;
const ACTIVATES_MS = 10_000;
/** What was said to a service worker is lost with it, where it shares the process of a tab that ends. */
const AGAIN_MS = 10_000;
/** Chromium takes a service worker for idle half a minute after its last event, and looks every ten seconds. */
const RESTS_MS = 60_000;

/**
 * Has the waiting build take over. Resolves to whether it has: a page that is loaded then is the new build's. Where
 * not, the one that serves did not come to rest, and a reload now could hang in Chromium, which then changes the two
 * under the reload; or the new one is not done with activating. The change may still come later.
 */
export async function takeOver(registration: ServiceWorkerRegistration): Promise<boolean> {
  const until = Date.now() + RESTS_MS;
  let asked: ServiceWorker | undefined;
  // Anew each time: another build may have come meanwhile and be the one that waits.
  for (let { waiting } = registration; waiting; { waiting } = registration) {
    if (Date.now() >= until) return false;
    // Chromium hurries the one that serves to its rest only if it runs at that moment. So it is made to run, and not
    // asked again, which would put its rest off.
    if (registration.active && waiting !== asked) {
      await ask<WorkerStatus>(registration.active, "status", ANSWER_MS);
    }
    asked = waiting;
    waiting.postMessage({ type: "activate" } satisfies ToWorker);
    await changed(waiting, AGAIN_MS);
  }
  const { active } = registration;
  if (active?.state === "activating") await changed(active, ACTIVATES_MS);
  // A page that is loaded meanwhile waits for it, blank, for as long as that takes.
  return active?.state !== "activating";
}

/** Resolves when `worker` comes to another state, at most after `withinMs` milliseconds. */
function changed(worker: ServiceWorker, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs);
    worker.addEventListener(
      "statechange",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
