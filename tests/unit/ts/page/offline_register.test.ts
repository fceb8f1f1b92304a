/** What the page says of being offline, whatever becomes of the service workers that it asks. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Offline as OfflineClass } from "../../../../web/page/offline/register.ts";
import type { Alcove } from "../../../../web/sdk/index.ts";

/** A service worker that answers what it is asked, unless it is `deaf`. */
class Worker extends EventTarget {
  state: string;
  deaf = 0;
  asked = 0;

  constructor(state: string) {
    super();
    this.state = state;
  }

  postMessage({ type }: { type: string }, [port]: MessagePort[] = []): void {
    if (type !== "status" || !port) return;
    this.asked++;
    if (this.deaf > 0) this.deaf--;
    else port.postMessage({ build: "A", complete: true, added: [] });
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

type Registration = Partial<Record<"installing" | "waiting" | "active", Worker | null>> & EventTarget;
let registration: Registration;
let updates = 0;
let container: EventTarget;
let Offline: typeof OfflineClass;

const alcove = () => {
  const models = { list: async () => [{ cached: true }] };
  return Object.assign(new EventTarget(), { status: { phase: "ready" }, models }) as unknown as Alcove;
};

function set(traits: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(traits)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

beforeEach(async () => {
  updates = 0;
  registration = Object.assign(new EventTarget(), { update: async () => updates++ });
  container = Object.assign(new EventTarget(), {
    controller: {},
    startMessages: () => undefined,
    register: async () => registration,
  });
  set({
    __BUILD__: { id: "A" },
    addEventListener: () => undefined,
    document: new EventTarget(),
    navigator: { serviceWorker: container, onLine: true },
    location: { href: "https://host.example/", reload: () => undefined },
    origin: "https://host.example",
    crossOriginIsolated: true,
  });
  ({ Offline } = await import("../../../../web/page/offline/register.ts"));
});
afterEach(() => mock.timers.reset());

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

test("a question that was lost with its service worker is asked again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const active = new Worker("activated");
  active.deaf = 2;
  Object.assign(registration, { active });
  const offline = new Offline();
  const prepared = offline.prepare(alcove());
  for (let gone = 0; gone < 60 && !offline.words; gone++) {
    mock.timers.tick(1_000);
    await settled();
  }
  await prepared;
  assert.deepEqual([offline.words, active.asked], ["Works offline", 3]);
});

test("one that is activating is heard of when the next one is on its way already", async () => {
  const active = new Worker("activating");
  Object.assign(registration, { active, installing: new Worker("installing") });
  const offline = new Offline();
  await offline.prepare(alcove());
  assert.equal(offline.words, "");
  active.become("activated");
  await settled();
  assert.equal(offline.words, "Works offline");
});

function fails(worker: Worker, reason?: string): void {
  const data = { type: "not-saved", reason, detail: "" };
  if (reason) container.dispatchEvent(new MessageEvent("message", { data }));
  worker.become("redundant");
}

test("a build that did not come whole is asked for again, less and less often; one without room is not", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(registration, { active: new Worker("activated") });
  await new Offline().prepare(alcove());
  const coming = (): Worker => {
    registration.installing = new Worker("installing");
    registration.dispatchEvent(new Event("updatefound"));
    return registration.installing;
  };
  fails(coming(), "quota");
  mock.timers.tick(24 * 3_600_000);
  assert.equal(updates, 0);
  for (const [asked, minutes] of [1, 2, 4].entries()) {
    fails(coming(), "altered");
    mock.timers.tick(minutes * 60_000 - 1);
    assert.equal(updates, asked);
    mock.timers.tick(1);
    assert.equal(updates, asked + 1);
  }
});

test("a first build that was cut, without a word, is begun again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  registration.installing = new Worker("installing");
  const offline = new Offline();
  await offline.prepare(alcove());
  const first = registration.installing;
  registration.installing = null;
  registration = new EventTarget();
  fails(first);
  mock.timers.tick(60_000);
  await settled();
  registration.active = new Worker("activated");
  registration.installing = new Worker("installing");
  registration.dispatchEvent(new Event("updatefound"));
  registration.active.become("activated");
  await settled();
  assert.equal(offline.words, "Works offline");
});
