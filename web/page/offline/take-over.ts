/** From the build that serves the page to the one that waits. */
import type { ToWorker } from "./protocol.ts";

const ASK_AGAIN_MS = 2_000;
const MOST_TIMES = 15;

/**
 * Has the waiting build take over. Resolves once none waits any more: a page that is loaded then is the new build's.
 * After half a minute it resolves all the same.
 */
export async function takeOver(registration: ServiceWorkerRegistration): Promise<void> {
  for (let times = 0; times < MOST_TIMES; times++) {
    // Anew each time: another build may have come meanwhile and be the one that waits.
    const { waiting, active } = registration;
    if (!waiting) return;
    waiting.postMessage({ type: "activate" } satisfies ToWorker);
    // It has to wait until the active one rests. Browsers look for that when an event of it ends, so here is one.
    if (times > 0) active?.postMessage({ type: "status" } satisfies ToWorker);
    await changed(waiting);
  }
}

function changed(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ASK_AGAIN_MS);
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
