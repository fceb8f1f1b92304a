/** The Settings tab's state: for which conversations a setting is, and what becomes of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { styleOf } from "../../../../web/page/settings/sampling-words.ts";
import { SettingsStore } from "../../../../web/page/settings/settings-store.ts";
import type { Workbench } from "../../../../web/page/state/workbench.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

interface Head {
  system: string;
  sampling?: object;
  agent?: { name: string; system?: true };
}

async function lab(id?: string, head?: Head) {
  const told: unknown[] = [];
  const presets = Object.assign(new EventTarget(), {
    kept: { system: "Prepared.", sampling: { temperature: 1 } },
    defaults: async () => presets.kept,
    prompts: async () => [],
    setDefaults: async (changes: object) => {
      told.push(["defaults", changes]);
      Object.assign(presets.kept, changes);
    },
  });
  const conversations = Object.assign(new EventTarget(), {
    head: async () => head,
    configure: async (which: string, changes: object) => void told.push([which, changes]),
  });
  const alcove = { conversations, presets: async () => presets };
  const workbench = { opened: Promise.resolve(alcove), thread: { id } } as unknown as Workbench;
  const store = new SettingsStore(workbench);
  const left = new AbortController();
  await store.follow(left.signal);
  return { store, told, presets, conversations, workbench, left };
}

const idle = () => new Promise((resolve) => setTimeout(resolve));

test("without a conversation the defaults are shown and set", async () => {
  const { store, told } = await lab();
  assert.deepEqual(store.shown, { system: "Prepared.", sampling: { temperature: 1 } });
  await store.show("this");
  assert.equal(store.scope, "new");
  await store.dial("seed", 7);
  await store.dial("temperature", undefined);
  assert.deepEqual(told, [
    ["defaults", { sampling: { temperature: 1, seed: 7 } }],
    ["defaults", { sampling: { seed: 7 } }],
  ]);
});

test("those of the open conversation are its own, and only it gets what is set", async () => {
  const { store, told } = await lab("c", { system: "Kept.", sampling: { topP: 0.5 } });
  assert.equal(store.shown?.system, "Prepared.");
  await store.show("this");
  assert.deepEqual(store.shown, { system: "Kept.", sampling: { topP: 0.5 } });
  assert.equal(await store.set({ system: "New." }), true);
  assert.deepEqual(told, [["c", { system: "New." }]]);
});

test("an agent's instructions are not the person's, until they write some", async () => {
  const agents = await lab("c", { system: "The model's.", agent: { name: "Ann" } });
  await agents.store.show("this");
  assert.deepEqual([agents.store.agent, agents.store.shown?.system], ["Ann", ""]);
  const own = await lab("c", { system: "Mine.", agent: { name: "Ann", system: true } });
  await own.store.show("this");
  assert.equal(own.store.shown?.system, "Mine.");
});

test("what another tab sets is shown, until the tab is left", async () => {
  const { store, presets, left } = await lab();
  presets.kept = { system: "Other.", sampling: { temperature: 0 } };
  presets.dispatchEvent(new Event("change"));
  await idle();
  assert.equal(store.shown?.system, "Other.");
  left.abort();
  presets.kept = { system: "Later.", sampling: { temperature: 0 } };
  presets.dispatchEvent(new Event("change"));
  await idle();
  assert.equal(store.shown?.system, "Other.");
});

test("what cannot be kept is told, and reading again shows what stands", async () => {
  const { store, presets } = await lab();
  presets.setDefaults = async () => {
    throw new AlcoveError("quota", "The disk is full.");
  };
  assert.equal(await store.set({ system: "Lost." }), false);
  assert.equal(store.failures.get("answers")?.code, "quota");
  await store.read();
  assert.equal(store.shown?.system, "Prepared.");
  assert.equal(store.failures.size, 0);
});

test("a style is known by its numbers", () => {
  const styles = [
    {},
    { seed: 1 },
    { temperature: 0 },
    { temperature: 0.7, topP: 0.9 },
    { temperature: 0.71 },
  ].map(styleOf);
  assert.deepEqual(styles, ["model", "model", "exact", "balanced", "own"]);
});

test("what was typed for one conversation goes to it, whichever is open when it is kept", async () => {
  const { store, told, workbench } = await lab("c", { system: "Kept." });
  await store.show("this");
  const { whose } = store;
  Object.assign(workbench, { thread: { id: "d" } });
  await store.set({ system: "For c." }, whose);
  assert.deepEqual(told, [["c", { system: "For c." }]]);
  assert.equal(store.shown?.system, "Kept.");
});
