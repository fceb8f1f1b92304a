/** A question to the service worker, answered over a port of its own. */
import type { ToWorker } from "./protocol.ts";

/** A machine that starts everything at once is slow to answer. */
const ANSWER_MS = 60_000;

/** Resolves to null where nothing answers within `withinMs` milliseconds. */
export function ask<Answer>(
  active: ServiceWorker,
  type: "status" | "repair",
  withinMs = ANSWER_MS,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const end = (answer: Answer | null) => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), withinMs);
    port1.onmessage = (event) => end(event.data as Answer);
    active.postMessage({ type } satisfies ToWorker, [port2]);
  });
}
