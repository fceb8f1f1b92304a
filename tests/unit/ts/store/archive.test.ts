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

test("a file that went with a message comes back letter for letter", async () => {
  const text = "a\tb\r\n<|im_end|> \u202e \u{1f600} `````\n";
  const block = {
    type: "text",
    text: `Attached file: a\n${text}`,
    file: { name: "a", text, bytes: 40, whole: 99 },
  };
  const messages = [{ role: "user", content: [block, { type: "text", text: "?" }] }];
  const tab = newTab();
  await tab.import(file([{ ...record("a"), messages }]));
  const exported = await tab.export();
  await tab.remove("a");
  await tab.import(exported);
  assert.deepEqual((await tab.get("a"))?.messages, messages);
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
    { ...record("x"), agent: "Clerk" },
    { ...record("x"), agent: { id: 7, name: "Clerk" } },
    { ...record("x"), agent: { name: "Clerk", system: "You are mine." } },
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

test("what sub-agents said is looked at too", async () => {
  const tab = newTab();
  const tool = (agents: unknown) => ({ role: "tool", content: "", tool_call_id: "d", metadata: { agents } });
  const said = [{ role: "user", content: "Go" }];
  const deep = { id: "p", name: "poet", messages: [tool([{ id: "h", name: "helper", messages: [null] }])] };
  const bad = [
    null,
    "x",
    [null],
    [{ id: "p", name: 3, messages: said }],
    [{ id: "p", name: "poet" }],
    [deep],
  ];
  for (const [i, agents] of bad.entries()) {
    const { refused } = await tab.import(file([{ ...record(`bad${i}`), messages: [tool(agents)] }]));
    assert.equal(refused[0]?.reason, "Message 1 is none.", JSON.stringify(agents));
  }
  const good = { ...record("good"), messages: [tool([{ id: "p", name: "poet", messages: said }])] };
  assert.deepEqual((await tab.import(file([good]))).added, ["good"]);
});

test("a file with all that there is comes back byte for byte, also after a second journey", async () => {
  const thought = { type: "thinking", thinking: "Hm.\u0000\ud83d\ude00", ms: 12 };
  const picture = { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } };
  const call = { id: "c1", name: "add", arguments: { b: 1, a: [null, 1e21, -0.5], "": "x", "2": 1, "1": 2 } };
  const messages = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { ...picture, description: "A dot", described_by: "eye" },
        { type: "text", text: "Sum?" },
      ],
    },
    { role: "assistant", content: [thought], tool_calls: [call] },
    { role: "tool", tool_call_id: "c1", name: "add", content: "3", metadata: { approval: "Allow always" } },
    { role: "assistant", content: "Three.", metadata: { finish_reason: "length" } },
    { role: "user", content: "As an object", metadata: { schema: { type: "object", properties: {} } } },
    { role: "assistant", content: "{}" },
  ];
  const others = [
    { messages: [{ role: "user", content: "else" }], branches: [] },
    {
      messages: messages.slice(5),
      branches: [
        { at: 6, current: 0, others: [{ messages: [{ role: "assistant", content: "[]" }], branches: [] }] },
      ],
    },
  ];
  const whole = {
    ...record("a"),
    tools: ["python", "todo"],
    pageTools: ["now"],
    plan: { session: { orchestrator: { module: "loop-alcove" } }, agents: { critic: { tools: [] } } },
    agent: { name: "Clerk", id: "a1", system: true },
    messages,
    branches: [{ at: 5, current: 1, others }],
  };
  const same = { ...record("c"), updated: whole.updated };
  const first = newTab();
  assert.deepEqual((await first.import(file([whole, same, record("b")]))).refused, []);
  let text = await (await first.export()).text();
  assert.deepEqual(JSON.parse(text).conversations[0], whole);
  for (let journey = 0; journey < 2; journey++) {
    newBrowser();
    const elsewhere = newTab();
    await elsewhere.import(new Blob([text]));
    const again = await (await elsewhere.export()).text();
    assert.equal(again, text);
    text = again;
  }
});

test("branches that are none are refused", async () => {
  const other = { messages: [{ role: "user", content: "x" }], branches: [] };
  const wrong = [
    "none",
    [null],
    [{ at: 0, current: 0, others: [] }],
    [{ at: 0, current: 2, others: [other] }],
    [{ at: 2, current: 0, others: [other] }],
    [{ at: -1, current: 0, others: [other] }],
    [{ at: 0.5, current: 0, others: [other] }],
    [{ at: 0, current: 0, others: [{ ...other, messages: [] }] }],
    [{ at: 0, current: 0, others: [{ ...other, messages: [{ role: "king", content: "" }] }] }],
    [{ at: 0, current: 0, others: [{ ...other, branches: [{ at: 0, current: 0, others: [other] }] }] }],
    [{ at: 0, current: 0, others: [{ messages: other.messages }] }],
    [1, 0].map((at) => ({ at, current: 0, others: [other] })),
    // Each within the one before.
    Array.from({ length: 800 }).reduce<object[]>(
      (inner, _, i) => [{ at: 799 - i, current: 0, others: [{ ...other, branches: inner }] }],
      [],
    ),
  ];
  const tab = newTab();
  const { added, refused } = await tab.import(
    file(wrong.map((branches, i) => ({ ...record(`${i}`), branches }))),
  );
  assert.deepEqual([added, refused.length], [[], wrong.length]);
  assert.ok(refused.every(({ reason }) => reason === "Its branches are none."));
});
