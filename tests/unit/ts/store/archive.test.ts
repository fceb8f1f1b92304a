import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { newBrowser, newTab, Session, said } from "./tabs.ts";

beforeEach(newBrowser);

const file = (conversations: unknown, about: object = {}): Blob =>
  new Blob([JSON.stringify({ format: "alcove-conversations", version: 1, conversations, ...about })]);

const record = (id: string, words = "hello") => ({
  id,
  title: `Of ${id}`,
  created: "2026-01-01T00:00:00.000Z",
  updated: "2026-01-02T00:00:00.000Z",
  provider: "llamacpp",
  model: "tiny",
  system: "",
  messages: [{ role: "user", content: words }],
});

test("what was exported comes back as it was, also after it was deleted", async () => {
  const tab = newTab();
  await (await new Session(tab, "a").open()).turn("one");
  await (await new Session(tab, "b").open()).turn("two");
  const all = await tab.export();
  const [a, b] = [await tab.get("a"), await tab.get("b")];
  assert.equal(JSON.parse(await (await tab.export(["a"])).text()).conversations.length, 1);
  await tab.remove("a");
  assert.deepEqual(await tab.import(all), { added: ["a"], skipped: ["b"], refused: [] });
  assert.deepEqual([await tab.get("a"), await tab.get("b")], [a, b]);
  assert.deepEqual(await tab.import(all), { added: [], skipped: ["b", "a"], refused: [] });
  const session = await new Session(newTab(), "a").open();
  await session.turn("three");
  assert.deepEqual(await said("a"), ["one", "one!", "three", "three!"]);
});

test("one with other words comes beside the one that is here", async () => {
  const tab = newTab();
  await tab.import(file([record("a")]));
  const { added } = await tab.import(file([record("a", "other"), record("b"), record("b", "twice")]));
  assert.equal(added.length, 3);
  assert.notEqual(added[0], "a");
  assert.deepEqual(await said("a"), ["hello"]);
  assert.deepEqual(await said(added[0] ?? ""), ["other"]);
  assert.equal((await tab.list()).length, 4);
});

test("what an import has put beside another is not put there again", async () => {
  const tab = newTab();
  await tab.import(file([record("a")]));
  const other = file([record("a", "other"), record("a", "third")]);
  const { added } = await tab.import(other);
  assert.equal(added.length, 2);
  assert.deepEqual(await tab.import(other), { added: [], skipped: added, refused: [] });
  assert.equal((await tab.import(file([record("a", "twice"), record("a", "twice")]))).added.length, 1);
  // In a tab that has to read it, and once more after it was gone on with.
  assert.deepEqual((await newTab().import(file([record("a", "other")]))).added, []);
  await (await new Session(newTab(), added[0] ?? "").open()).turn("more");
  const fresh = newTab();
  const again = await fresh.import(other);
  assert.equal(again.added.length, 1);
  assert.deepEqual((await fresh.import(other)).added, []);
  assert.equal((await fresh.list()).length, 5);
});

test("what is no conversation is refused with a reason, the others are taken", async () => {
  const wrong = [
    null,
    7,
    {},
    { ...record("x"), messages: [] },
    { ...record("x"), messages: [{ role: "king", content: "x" }] },
    { ...record("x"), messages: [{ role: "user", content: [{ text: "x" }] }] },
    { ...record("x"), messages: [{ role: "user" }] },
    { ...record("x"), created: "yesterday" },
    { ...record(""), title: "No id" },
    { ...record("x"), title: 3 },
  ];
  const tab = newTab();
  const { added, refused } = await tab.import(file([...wrong, { ...record("ok"), extra: "<b>" }]));
  assert.deepEqual(added, ["ok"]);
  assert.equal(refused.length, wrong.length);
  assert.ok(refused.every(({ reason }) => reason.length > 5));
  assert.equal("extra" in ((await tab.get("ok")) ?? {}), false);
});

test("another file is refused whole", async () => {
  const tab = newTab();
  for (const other of [
    new Blob(["nonsense"]),
    new Blob(["null"]),
    new Blob(["[]"]),
    file([], { version: 2 }),
    file([], { format: "x" }),
    file("none"),
  ]) {
    await assert.rejects(tab.import(other), { code: "bad-request" });
  }
  assert.deepEqual(await tab.list(), []);
});

test("a plan goes with its conversation, and is known to come from a file", async () => {
  const tab = newTab();
  const plan = { providers: [{ module: "provider-mock" }] };
  const planned = { ...record("a"), tools: ["calculator"], pageTools: ["now"], plan };
  const { refused } = await tab.import(file([planned, { ...record("b"), plan: [] }]));
  assert.deepEqual(refused, [{ title: "Of b", reason: "Its plan is none." }]);
  const { messages, ...about } = planned;
  assert.deepEqual(await tab.head("a"), { ...about, imported: true });
  assert.deepEqual(JSON.parse(await (await tab.export(["a"])).text()).conversations, [
    { ...about, messages },
  ]);
  // It goes on without it, and keeps it.
  await (await new Session(tab, "a").open()).turn("more");
  assert.deepEqual((await tab.head("a"))?.plan, plan);
  assert.equal((await tab.head("a"))?.imported, true);
});
