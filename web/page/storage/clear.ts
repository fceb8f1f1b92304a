/** Leaves nothing of Alcove in this browser, and starts the page as on the first day. */
import { type Alcove, clearStorage } from "../../sdk/index.ts";

/** Names of web storage and of the caches of the service worker begin so. */
const OURS = /^alcove[. ]/;

/** @throws AlcoveError `busy` when something is left */
export async function clearEverything(alcove: Promise<Alcove>): Promise<void> {
  (await alcove).close();
  await clearStorage();
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (OURS.test(key)) storage.removeItem(key);
  }
  // Until here they serve the page.
  for (const name of await caches.keys()) if (OURS.test(name)) await caches.delete(name);
  await (await navigator.serviceWorker?.getRegistration())?.unregister();
  location.assign(location.pathname + location.search);
}
