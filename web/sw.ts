/**
 * Makes the page work without a network. It keeps the program of its own build; the model is kept by the
 * engine, so requests for it pass through.
 */
import { BuildCache, isHashed } from "./page/offline/cache.ts";
import type { Precache, ToPage, ToWorker, WorkerStatus } from "./page/offline/protocol.ts";

declare const __PRECACHE__: Precache;
declare const __MODELS__: readonly string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const scope = new URL(worker.registration.scope);
const cache = new BuildCache(scope.href, __PRECACHE__);
const models = new Set(__MODELS__);
const PROGRESS_MS = 200;
const ANSWER_MS = 3_000;

worker.addEventListener("install", (event) => {
  let told = 0;
  event.waitUntil(
    cache.fill((done, total) => {
      if (done < total && performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      void tellPages({ type: "saving", build: cache.build, done, total });
    }),
  );
});

worker.addEventListener("activate", (event) => {
  // The page that registered its first service worker is served by it from now on.
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (event) => {
  const message = event.data as ToWorker;
  if (message.type === "activate") event.waitUntil(worker.skipWaiting());
  else if (message.type === "tidy") event.waitUntil(tidy());
  else if (message.type === "status") event.waitUntil(answerStatus(event.ports[0]));
});

worker.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path !== null) event.respondWith(answer(event, path));
});

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
  const kept = complete ? await cache.find(path) : undefined;
  if (kept) return kept;
  const fresh = await fetch(event.request);
  if (complete && isHashed(path) && fresh.status === 200) {
    event.waitUntil(cache.keepUsed(path, fresh.clone()).catch(() => undefined));
  }
  return fresh;
}

async function answerStatus(port: MessagePort | undefined): Promise<void> {
  const status: WorkerStatus = { build: cache.build, complete: await cache.isComplete() };
  port?.postMessage(status);
}

const windows = (): Promise<readonly WindowClient[]> =>
  worker.clients.matchAll({ type: "window", includeUncontrolled: true });

async function tellPages(message: ToPage): Promise<void> {
  for (const client of await windows()) client.postMessage(message);
}

/** Drops caches of builds that no open page runs and no other service worker prepares. */
async function tidy(): Promise<void> {
  const { installing, waiting, active } = worker.registration;
  if (installing || waiting || active?.state !== "activated") return;
  const builds = await Promise.all((await windows()).map(buildOf));
  // A page that does not say may need anything.
  if (builds.includes(null)) return;
  await cache.dropOthers(new Set(builds as string[]));
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
