import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Agents } from "../../../../web/sdk/agents/agents.ts";
import { agentOf } from "../../../../web/sdk/agents/session.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import type { BundleChanges, BundleFile, ReadBundle } from "../../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { TabLocks } from "../sdk/tab_locks.ts";

const bytes = (text: string) => new TextEncoder().encode(text).buffer;
const said = (archive: ArrayBuffer) => new TextDecoder().decode(archive);

/** A Python for which the name of an agent is the text of its bundle. */
const python = {
  readBundle: async ([file]: BundleFile[]): Promise<ReadBundle> => {
    const text = said(file?.bytes as ArrayBuffer);
    if (text.includes("bad")) throw new AlcoveError("bad-request", "bundle.md, line 3: bad.");
    return read(text);
  },
  changeBundle: async (archive: ArrayBuffer, { name = said(archive) }: BundleChanges) => read(name),
};

const read = (name: string): ReadBundle => ({
  archive: bytes(name),
  report: {
    name,
    version: "1.0.0",
    description: "",
    instruction: "",
    mounted: ["tool-alcove-clock"],
    refused: [{ module: "tool-bash", reason: "it is not installed" }],
    tools: [],
    tokens: 30,
    providers: [],
    agents: [],
    entry: "bundle.md",
    text: name,
  },
});

const all: Agents[] = [];
after(() => {
  for (const agents of all) agents.close();
});
const opened = (settings = new Settings(null), reader = python) => {
  const agents = new Agents(settings, reader, async () => [
    ["helper", { name: "helper.md", bytes: bytes("Helper") }],
  ]);
  all.push(agents);
  return agents;
};
const refused = (code: string) => (thrown: unknown) => (thrown as AlcoveError).code === code;

test("what is added is listed, after what comes with the site, and kept", async () => {
  const settings = new Settings(null);
  const { id, name, tokens } = await opened(settings).add("Clerk");
  assert.deepEqual([name, tokens], ["Clerk", 30]);
  const listed = await opened(settings).list();
  assert.deepEqual(
    listed.map((agent) => [agent.id, agent.name, agent.builtIn]),
    [
      ["helper", "Helper", true],
      [id, "Clerk", false],
    ],
  );
});

test("of what is refused nothing is kept", async () => {
  const agents = opened();
  await assert.rejects(agents.add("bad"), refused("bad-request"));
  await assert.rejects(agents.add("  "), refused("bad-request"));
  await assert.rejects(agents.add("git+https://github.com/a/b@main"), refused("bad-request"));
  assert.deepEqual(await agents.own(), []);
});

test("a server that sends nothing any more is given up, and so is what was asked of it", async (context) => {
  const asked: (AbortSignal | null | undefined)[] = [];
  const silent = () => new Promise<Response>(() => undefined);
  const part = { start: (body: ReadableStreamDefaultController) => body.enqueue(new Uint8Array(3)) };
  const stops = async () => new Response(new ReadableStream(part));
  for (const answer of [silent, stops]) {
    const fetching = context.mock.method(globalThis, "fetch", (_: URL, init: RequestInit) => {
      asked.push(init.signal);
      return answer();
    });
    const waiting = context.mock.method(AbortSignal, "timeout", () => {
      const late = new AbortController();
      setTimeout(() => late.abort(), 5);
      return late.signal;
    });
    const site = new Agents(new Settings(null), python, new URL("https://slow.example/agent.md"));
    all.push(site);
    for (const ask of [() => opened().add("https://slow.example/bundle.md"), () => site.list()]) {
      await assert.rejects(ask(), refused("timeout"));
      assert.equal(asked.at(-1)?.aborted, true);
    }
    fetching.mock.restore();
    waiting.mock.restore();
  }
});

test("an agent is changed in its place, copied under another name, removed", async () => {
  const agents = opened();
  let told = 0;
  agents.addEventListener("change", () => told++);
  const one = await agents.add("One");
  await agents.add("Two");
  await agents.change(one.id, { name: "First" });
  const copies = [
    await agents.duplicate(one.id),
    await agents.duplicate(one.id),
    await agents.duplicate("helper"),
  ];
  assert.deepEqual(
    copies.map(({ name }) => name),
    ["First (copy)", "First (copy 2)", "Helper (copy)"],
  );
  await agents.remove(one.id);
  assert.deepEqual(
    (await agents.own()).map(({ name }) => name),
    ["Two", "First (copy)", "First (copy 2)", "Helper (copy)"],
  );
  await assert.rejects(agents.export(one.id), refused("bad-request"));
  assert.equal(told, 7);
});

test("tabs that change the same agent lose nothing of each other, and do not bring it back", async () => {
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: new TabLocks() } });
  const slow = {
    ...python,
    changeBundle: async (archive: ArrayBuffer, { name }: BundleChanges) => {
      await new Promise(setImmediate);
      return read(`${said(archive)}, ${name}`);
    },
  };
  const settings = new Settings(null);
  const [one, two] = [opened(settings, slow), opened(settings, slow)];
  const { id } = await one.add("Clerk");
  await Promise.all([one.change(id, { name: "first" }), two.change(id, { name: "second" })]);
  assert.deepEqual(
    (await one.own()).map(({ name }) => name),
    ["Clerk, first, second"],
  );
  await Promise.all([two.remove(id), assert.rejects(one.change(id, { name: "x" }), refused("bad-request"))]);
  assert.deepEqual(await one.own(), []);
});

test("what comes with the site stays as it is", async () => {
  const agents = opened();
  await assert.rejects(agents.change("helper", { name: "x" }), refused("bad-request"));
  await assert.rejects(agents.remove("helper"), refused("bad-request"));
});

test("an agent of one file is exported as that file", async () => {
  const agents = opened();
  const { id } = await agents.add("A clerk, of sorts");
  const file = await agents.export(id);
  assert.deepEqual([file.name, await file.text()], ["A-clerk-of-sorts.md", "A clerk, of sorts"]);
});

test("a conversation has its agent again, or says that it is gone", async () => {
  const agents = opened();
  const { id } = await agents.add("Clerk");
  const record = { agent: { id, name: "Clerk" } };
  const { agent, lost: lacks } = await agentOf({}, record, agents);
  assert.deepEqual([agent?.id, agent?.name, agent?.known, lacks], [id, "Clerk", ["tool-bash"], []]);
  assert.equal(agent?.system, undefined);
  const instructed = await agentOf({}, { agent: { ...record.agent, system: true } }, agents);
  assert.equal(instructed.agent?.system, true);
  await agents.remove(id);
  const gone = await agentOf({}, record, agents);
  assert.equal(gone.agent, undefined);
  assert.deepEqual(gone.lost, [
    "The agent “Clerk” is not on this device any more. This conversation goes on without its instructions and tools.",
  ]);
  const { lost } = await agentOf({}, { agent: { name: "Text" } }, agents);
  assert.match(lost[0] ?? "", /“Text” was not kept/);
});

test("what is asked for wins over the agent's", async () => {
  const agents = opened();
  const { agent } = await agentOf({ bundle: "Clerk", model: "m", system: "s" }, undefined, agents);
  assert.deepEqual([agent?.id, agent?.system, agent?.model], [undefined, true, true]);
  await assert.rejects(agentOf({ agent: "none" }, undefined, agents), refused("bad-request"));
  await assert.rejects(agentOf({ agent: "helper", plan: {} }, undefined, agents), refused("bad-request"));
  assert.deepEqual(await agentOf({ plan: {} }, { agent: { id: "helper", name: "Helper" } }, agents), {
    lost: [],
  });
});

test("a server that the bundle does not name is the person's own", async () => {
  const asks = (providers: unknown): Agents =>
    ({ open: async () => ({ name: "a", archive: bytes(""), known: [], providers }) }) as never;
  const own = [{ module: "provider-openai", config: { model: "m" } }];
  const { agent, wish } = await agentOf({ agent: "a" }, undefined, asks(own));
  assert.deepEqual([agent?.model, wish], [true, { provider: "openai", model: "m" }]);
  const named = [{ module: "provider-openai", config: { base_url: "http://localhost:1/v1" } }];
  assert.equal((await agentOf({ agent: "a" }, undefined, asks(named))).wish, undefined);
  assert.equal((await agentOf({ agent: "a", model: "x" }, undefined, asks(own))).wish, undefined);
});
