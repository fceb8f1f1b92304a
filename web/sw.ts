/**
 * Makes the page work without a network, and isolated where its host sends no headers. It keeps the program of its
 * own build; the model is kept by the engine, so requests for it pass through.
 */
import { BuildCache, isHashed, NotKept } from "./page/offline/cache.ts";
import { type HeaderTable, missingFrom, withHeaders } from "./page/offline/headers.ts";
import type { Precache, Repaired, ToPage, ToWorker, WorkerStatus } from "./page/offline/protocol.ts";
import { keepShared, SHARE } from "./page/offline/shared.ts";

declare const __PRECACHE__: Precache;
declare const __MODELS__: readonly string[];
declare const __HEADERS__: HeaderTable;

const worker = self as unknown as ServiceWorkerGlobalScope;
const scope = new URL(worker.registration.scope);
const cache = new BuildCache(scope.href, __PRECACHE__);
const models = new Set(__MODELS__);
const PROGRESS_MS = 200;
const ANSWER_MS = 3_000;

worker.addEventListener("install", (event) => event.waitUntil(install()));

worker.addEventListener("activate", (event) => {
  // The page that registered its first service worker is served by it from now on.
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (event) => {
  const message = event.data as ToWorker;
  const [port] = event.ports;
  if (message.type === "activate") event.waitUntil(worker.skipWaiting());
  else if (message.type === "tidy") event.waitUntil(tidy());
  else if (message.type === "repair") event.waitUntil(repair(port));
  else if (message.type === "status") event.waitUntil(answerStatus(port));
});

worker.addEventListener("fetch", (event) => {
  if (isShared(event.request)) {
    event.respondWith(keepShared(event.request, scope.href));
    return;
  }
  const path = pathOf(event.request);
  if (path === null) return;
  event.respondWith(answer(event, path).then((response) => withHeaders(response, __HEADERS__)));
});

/** A notification that a page cannot show itself: whoever presses it wants to see the page. */
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showPage(String(event.notification.data)));
});

/** The open page, else a new one at `url`. */
async function showPage(url: string): Promise<void> {
  const page = (await windows()).find((each) => each.url.startsWith(scope.href));
  await (page ? page.focus() : worker.clients.openWindow(url));
}

const isShared = ({ method, url }: Request): boolean =>
  method === "POST" && url.split("?")[0] === new URL(SHARE, scope).href;

async function install(): Promise<void> {
  let told = 0;
  try {
    await cache.fill((done, total) => {
      if (done < total && performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      void tellPages({ type: "saving", build: cache.build, done, total });
    });
  } catch (thrown) {
    const reason = thrown instanceof NotKept ? thrown.reason : "unreachable";
    await tellPages({ type: "not-saved", reason, detail: String(thrown) });
    throw thrown;
  }
}

/** The file of this site that a request is for, or null for what is none of our business. */
function pathOf(request: Request): string | null {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin) return null;
  if (!url.pathname.startsWith(scope.pathname)) return null;
  const path = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || "index.html";
  if (models.has(path)) return null;
  // Hashed names of an older build may still be asked for by a page that runs it.
  return cache.has(path) || isHashed(path) ? path : null;
}

async function answer(event: FetchEvent, path: string): Promise<Response> {
  const complete = await cache.isComplete();
  const onDamage = () => event.waitUntil(mend());
  const kept = complete || isHashed(path) ? await cache.find(path, onDamage) : undefined;
  if (kept) return kept;
  try {
    const fresh = await fetch(event.request);
    if (complete && isHashed(path) && fresh.status === 200) {
      event.waitUntil(cache.keepUsed(path, fresh.clone()).catch(() => undefined));
    }
    return fresh;
  } catch (thrown) {
    // Of a build that is not whole, without a network: better than nothing.
    const left = await cache.find(path);
    if (left) return left;
    throw thrown;
  }
}

async function answerStatus(port: MessagePort | undefined): Promise<void> {
  const page = await cache.page();
  const added = page ? missingFrom(page, __HEADERS__) : [];
  const complete = await cache.isComplete();
  port?.postMessage({ build: cache.build, complete, added } satisfies WorkerStatus);
  // A repair that had no network, or was cut: once more, now that a page is open.
  if (!complete) await mend();
}

async function repair(port: MessagePort | undefined): Promise<void> {
  port?.postMessage({ replaced: await mend() } satisfies Repaired);
}

/** Returns how many files were replaced. Without a network, what is damaged stays so until there is one. */
async function mend(): Promise<number> {
  const replaced = await cache.repair().catch(() => 0);
  if (await cache.isComplete()) await tellPages({ type: "saved" });
  return replaced;
}

const windows = (): Promise<readonly WindowClient[]> =>
  worker.clients.matchAll({ type: "window", includeUncontrolled: true });

async function tellPages(message: ToPage): Promise<void> {
  for (const client of await windows()) client.postMessage(message);
}

/** No other service worker of this site is on its way. */
function isAlone(): boolean {
  const { installing, waiting, active } = worker.registration;
  return !installing && !waiting && active?.state === "activated";
}

/** Drops caches of builds that no open page runs and no other service worker prepares. */
async function tidy(): Promise<void> {
  if (!isAlone()) return;
  const builds = await Promise.all((await windows()).map(buildOf));
  // A page that does not say may need anything.
  if (builds.includes(null)) return;
  await cache.dropOthers(new Set(builds as string[]), isAlone);
}

function buildOf(client: WindowClient): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), ANSWER_MS);
    port1.onmessage = (event) => {
      clearTimeout(timer);
      resolve(String(event.data));
    };
    client.postMessage({ type: "which-build" } satisfies ToPage, [port2]);
  });
}
