/** A load that ended its tab is not begun again by the tab that takes the engine over. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadMarks } from "../../../../web/sdk/engines/load-marks.ts";
import { EngineSupervisor } from "../../../../web/sdk/engines/supervisor.ts";
import type { EngineClientOptions } from "../../../../workers/engine/client.ts";
import type { ModelSpec } from "../../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const held = new Set<string>();
const locks = {
  request: async (name: string, ...rest: unknown[]) => {
    const task = rest.at(-1) as () => unknown;
    const { signal } = (rest.length > 1 ? rest[0] : {}) as { signal?: AbortSignal };
    for (; held.has(name); await new Promise((resolve) => setImmediate(resolve))) signal?.throwIfAborted();
    held.add(name);
    await task();
    held.delete(name);
  },
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
};
const store: Record<string, string> = {};
const localStorage = Object.defineProperties(store, {
  getItem: { value: (name: string) => store[name] ?? null },
  setItem: {
    value: (name: string, value: string) => {
      store[name] = value;
    },
  },
  removeItem: { value: (name: string) => void delete store[name] },
});
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks } });
Object.assign(globalThis, { localStorage, addEventListener: () => undefined });

/** A tab that loads `model`, and is killed. */
async function killed(model: string): Promise<void> {
  const before = new Set(held);
  new LoadMarks().follow("chat", model);
  await new Promise((resolve) => setImmediate(resolve));
  for (const name of held) if (!before.has(name)) held.delete(name);
}

test("every tab that lives on learns which load ended one, until somebody tries again", async () => {
  const [one, other] = [new LoadMarks(), new LoadMarks()];
  assert.equal(await one.ended("large"), false);
  await killed("large");
  assert.equal(await one.ended("large"), true);
  assert.equal(await other.ended("large"), true);
  assert.equal(await other.ended("small"), false);
  assert.equal(await one.crashed(), "large");
  assert.equal(await other.ended("large"), false);
  // A tab that lives and loads is no crash.
  one.follow("chat", "large");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await other.ended("large"), false);
});

test("a tab that is dying when the next one starts has its load noticed; one that lives has not", async () => {
  const before = new Set(held);
  new LoadMarks().follow("chat", "large");
  await new Promise((resolve) => setImmediate(resolve));
  const found = new LoadMarks().crashed();
  for (const name of held) if (!before.has(name)) held.delete(name);
  assert.equal(await found, "large");
  const living = new LoadMarks();
  living.follow("chat", "small");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await new LoadMarks().crashed(), undefined);
  living.follow("chat", undefined);
  await new Promise((resolve) => setImmediate(resolve));
});

/** A tab with the engine of another one. */
function follower(mayReload: () => Promise<void>) {
  const loads: string[] = [];
  const started: EngineClientOptions[] = [];
  const supervisor = new EngineSupervisor({
    start: (options) => {
      started.push(options);
      return {
        load: (model: ModelSpec) => {
          loads.push(model.id);
          return new Promise(() => undefined);
        },
      } as never;
    },
    base: "",
    door: "",
    onStatus: () => undefined,
    onLoaded: () => undefined,
    mayReload,
    onLine: () => undefined,
  });
  const model = { id: "large", name: "Large" } as ModelSpec;
  supervisor.ensure(model).catch(() => undefined);
  const end = (ending: "moved" | "crashed") =>
    started.at(-1)?.onEnd(new AlcoveError("engine-crashed", "gone"), ending);
  return { supervisor, model, loads, end };
}

test("a tab that takes over asks before it loads again what the other one loaded", async () => {
  const refused = new AlcoveError(
    "out-of-memory",
    "The browser closed the page while Large was being loaded.",
  );
  const { supervisor, model, loads, end } = follower(() => Promise.reject(refused));
  end("moved");
  // Whoever wants it meanwhile, an answer that is asked again, is told the same.
  await assert.rejects(supervisor.ensure(model), refused);
  assert.deepEqual(loads, ["large"]);
  assert.equal(supervisor.wanted, undefined);
});

test("a tab that was only closed is taken over at once, and a worker's death is no tab's", async () => {
  const closed = follower(async () => undefined);
  closed.end("moved");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closed.loads, ["large", "large"]);
  const died = follower(() => Promise.reject(new Error("nobody asks")));
  died.end("crashed");
  assert.deepEqual(died.loads, ["large", "large"]);
});
