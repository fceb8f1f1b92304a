/** `alcove.embed`: which model it takes, turns, and when the model is given up. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { RoleEngine, type Supervisors } from "../../../../web/sdk/engines/role.ts";
import type { Models } from "../../../../web/sdk/models/catalogue.ts";
import type { ModelEntry } from "../../../../web/sdk/models/entry.ts";
import { Embeddings } from "../../../../web/sdk/sessions/embeddings.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

type Facts = Partial<ModelEntry> & { id: string };

const EMBED = ["embedding"];
const CHAT: Facts = { id: "chat", goodFor: ["general"], cached: true, shipped: true };
const TEST: Facts = { id: "test", goodFor: [...EMBED, "testing"], cached: true, shipped: true };

function page(...facts: Facts[]) {
  const log: string[] = [];
  let release: (() => void) | undefined;
  const started = () => {
    const embedder = {
      wanted: undefined as string | undefined,
      ensure: async ({ id }: { id: string }) => {
        log.push(`load ${id}`);
        embedder.wanted = id;
      },
      client: {
        embed: async ({ model, input }: { model: string; input: string[] }) => {
          log.push(`embed ${input} with ${model}`);
          if (input[0] === "slow") await new Promise<void>((resolve) => (release = resolve));
          const right = model === embedder.wanted ? 1 : 0;
          return { data: input.map((text) => ({ embedding: [text.length, right] })) };
        },
      },
      release: () => {
        if (embedder.wanted) log.push("release");
        embedder.wanted = undefined;
      },
    };
    return embedder;
  };
  const embedders = { llamacpp: started(), webllm: started() };
  const models = {
    list: async () =>
      facts.map((entry) => ({ cached: false, shipped: false, fits: true, goodFor: EMBED, ...entry })),
    find: async (id: string) => {
      const found = facts.find((entry) => entry.id === id);
      if (!found) throw new AlcoveError("model-not-found", "no such model");
      const { provider = "webllm", goodFor = EMBED } = found;
      const record = goodFor.includes("general") ? {} : { model_type: 1 };
      return { id, engine: provider, record, goodFor };
    },
  };
  const embeddings = new Embeddings(
    models as unknown as Models,
    new RoleEngine(embedders as unknown as Supervisors),
  );
  return { embeddings, log, finish: () => release?.() };
}

const code = (expected: string) => (error: unknown) =>
  error instanceof AlcoveError && error.code === expected;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the named model is taken, and goes on being taken", async () => {
  const { embeddings, log } = page({ id: "a", cached: true }, { id: "b" });
  const vectors = await embeddings.embed(["text"], { model: "b" });
  assert.deepEqual(vectors, [Float32Array.of(4, 1)]);
  await embeddings.embed(["more"]);
  assert.deepEqual(log, ["load b", "embed text with b", "load b", "embed more with b"]);
  await assert.rejects(embeddings.embed(["text"], { model: "c" }), code("model-not-found"));
  embeddings.close();
});

test("a model of the other engine takes the place of the one that was held", async () => {
  const { embeddings, log } = page({ id: "a" }, { id: "b", provider: "llamacpp" });
  for (const model of ["a", "b", "a"]) await embeddings.embed(["text"], { model });
  assert.deepEqual(log, [
    ...["load a", "embed text with a", "release"],
    ...["load b", "embed text with b", "release"],
    ...["load a", "embed text with a"],
  ]);
  embeddings.close();
});

test("unnamed, it is one of the site, else one on this device; nothing is fetched, none for tests is taken", async () => {
  const used = async (...facts: Facts[]) => {
    const { embeddings, log } = page(...facts);
    await embeddings.embed(["text"]);
    embeddings.close();
    return log[0];
  };
  assert.equal(await used(CHAT, TEST, { id: "far" }, { id: "here", cached: true }), "load here");
  assert.equal(await used({ id: "here", cached: true }, { id: "ours", shipped: true }), "load ours");
  await assert.rejects(used(CHAT, TEST, { id: "far" }), code("model-not-found"));
});

test("a model that writes text is refused before it is loaded", async () => {
  const { embeddings, log } = page(CHAT);
  await assert.rejects(embeddings.embed(["text"], { model: "chat" }), code("unsupported"));
  assert.deepEqual(log, []);
  embeddings.close();
});

test("calls take turns, and one that waits can leave", async () => {
  const { embeddings, log, finish } = page({ id: "a" }, { id: "b" });
  const first = embeddings.embed(["slow"], { model: "a" });
  const stop = new AbortController();
  const second = embeddings.embed(["x"], { model: "b", signal: stop.signal });
  const third = embeddings.embed(["y"], { model: "b" });
  await settled();
  stop.abort();
  await assert.rejects(second, code("cancelled"));
  assert.deepEqual(log, ["load a", "embed slow with a"]);
  finish();
  await Promise.all([first, third]);
  assert.deepEqual(log.slice(2), ["load b", "embed y with b"]);
  embeddings.close();
});

test("a model that nobody uses is given up, and nothing starts after the end", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { embeddings, log, finish } = page({ id: "a" });
    await embeddings.embed(["text"], { model: "a" });
    mock.timers.tick(200_000);
    const slow = embeddings.embed(["slow"]);
    await settled();
    mock.timers.tick(400_000);
    assert.ok(!log.includes("release"), "not while it computes");
    finish();
    await slow;
    mock.timers.tick(400_000);
    assert.equal(log.at(-1), "release");
    await embeddings.embed(["text"]);
    assert.equal(log.at(-1), "embed text with a", "and the model of the last call is known all the same");
    embeddings.close();
    const before = log.length;
    mock.timers.tick(400_000);
    assert.equal(log.length, before);
    await assert.rejects(embeddings.embed(["text"]), code("cancelled"));
  } finally {
    mock.timers.reset();
  }
});
