/** Leaves nothing of Alcove in this browser, and starts the page as on the first day. */
import { type Alcove, beforeAbort, clearStorage } from "../../sdk/index.ts";

/** Names of web storage begin so. */
const OURS = "alcove.";

/** Whoever does not end in this time is not waited for: what it holds is told as left. */
const CLOSING_MS = 10_000;

/** @throws AlcoveError `busy` when something is left */
export async function clearEverything(alcove: Promise<Alcove>): Promise<void> {
  const closed = (await alcove).close();
  await beforeAbort(closed, AbortSignal.timeout(CLOSING_MS)).catch(() => undefined);
  await clearStorage();
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith(OURS)) storage.removeItem(key);
  }
  // Until here they serve the page. Another Alcove of this origin, in another folder, keeps its own.
  const scope = new URL("./", location.href).href;
  for (const name of await caches.keys()) {
    const ours = name.startsWith(`alcove ${scope} `) || name === `alcove-shared ${scope}`;
    if (ours) await caches.delete(name);
  }
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.scope === scope) await registration.unregister();
  location.assign(location.pathname + location.search);
}
