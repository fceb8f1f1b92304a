/** With which system prompt and sampling a conversation is opened: asked for, kept, prepared, or the model's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionOptions } from "../../../../web/sdk/options.ts";
import { prepareSession } from "../../../../web/sdk/sessions/prepare.ts";

type On = Parameters<typeof prepareSession>[1];

const MODEL = { id: "tiny", name: "Tiny", engine: "llamacpp", system: "The model's own." };
const CHOICE = { provider: "llamacpp", model: "tiny", name: "Tiny", device: "cpu", why: "" };

async function opened(options: SessionOptions, record?: object, prepared: object = {}) {
  const configured: unknown[] = [];
  const on = {
    conversations: {
      head: async () => record,
      configure: async (id: string, changes: object) => void configured.push([id, changes]),
    },
    agents: {
      has: async () => true,
      open: async () => ({ name: "A", archive: null, providers: [], known: [] }),
    },
    models: { find: async () => MODEL },
    home: { folderFor: async () => ({}) },
    presets: async () => ({ defaults: async () => ({ system: "", sampling: {}, ...prepared }) }),
  } as unknown as On;
  const answers = { choose: async () => CHOICE, serverConfig: async () => ({}) };
  const { config } = await prepareSession(options, on, answers);
  return { system: config.system, sampling: config.sampling, configured };
}

const WARM = { temperature: 1 };
const COLD = { temperature: 0 };
const PREPARED = { system: "Prepared.", sampling: WARM };

test("a new conversation begins with what was prepared, else as the model has it", async () => {
  assert.deepEqual(await opened({}), { system: MODEL.system, sampling: undefined, configured: [] });
  assert.deepEqual(await opened({}, undefined, PREPARED), { ...PREPARED, configured: [] });
});

test("what is asked for comes before what was prepared", async () => {
  const { system, sampling } = await opened({ system: "Asked.", sampling: COLD }, undefined, PREPARED);
  assert.deepEqual([system, sampling], ["Asked.", COLD]);
  assert.equal((await opened({ sampling: {} }, undefined, PREPARED)).sampling, undefined);
});

test("an agent or a plan is left as it is", async () => {
  for (const options of [{ agent: "a" }, { plan: {} }]) {
    const { system, sampling } = await opened(options, undefined, PREPARED);
    assert.deepEqual([system, sampling], [MODEL.system, undefined]);
  }
});

test("a resumed conversation has its own again, and nothing that was prepared since", async () => {
  const kept = { system: "Kept.", sampling: COLD, provider: "llamacpp", model: "tiny" };
  const own = { system: "Kept.", sampling: COLD, configured: [] };
  assert.deepEqual(await opened({ resume: "c" }, kept, PREPARED), own);
  const bare = { system: "", provider: "llamacpp", model: "tiny" };
  const { system, sampling } = await opened({ resume: "c" }, bare, PREPARED);
  assert.deepEqual([system, sampling], [MODEL.system, undefined]);
});

test("what is asked for of a resumed one is kept with it", async () => {
  const kept = { system: "Kept.", sampling: COLD, provider: "llamacpp", model: "tiny" };
  const { sampling, configured } = await opened({ resume: "c", sampling: WARM }, kept);
  assert.deepEqual([sampling, configured], [WARM, [["c", { sampling: WARM }]]]);
  assert.deepEqual((await opened({ resume: "c", system: "Kept." }, kept)).configured, []);
});

test("what is no sampling is refused", async () => {
  await assert.rejects(opened({ sampling: { temperature: 3 } }), { code: "bad-request" });
});
