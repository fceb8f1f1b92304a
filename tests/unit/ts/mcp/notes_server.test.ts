/** MCP against a real server: the official SDK's in Python, over HTTP. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { McpServer } from "../../../../web/sdk/mcp/servers.ts";
import { SessionServers } from "../../../../web/sdk/mcp/session-servers.ts";
import { freePort, notesServer, person } from "./mcp_servers.ts";

const port = await freePort();
const url = `http://127.0.0.1:${port}/mcp`;
const { servers, asks, allowed, settings } = person();
const told: string[] = [];
const lacks: string[] = [];
let notes: McpServer;

before(async () => {
  await notesServer(port);
  notes = await servers.add({ url, name: "My Notes" });
});

interface Mounted {
  name: string;
  print: string;
}

/** As Python does it: what there is, then a call of one of them. */
async function called(
  tool: string,
  input: unknown = {},
  signal = new AbortController().signal,
): Promise<Said> {
  const session = new SessionServers(servers);
  const where = { signal, lacks, tell: (text: string) => told.push(text), mayUse: () => true };
  const { tools } = (await session.ask("tools", { server: notes.id, planned: {} }, where)) as {
    tools: Mounted[];
  };
  const found = tools.find(({ name }) => name === tool);
  assert.ok(found, `${tool} is not in ${tools.map(({ name }) => name).join(", ")}`);
  return (await session.ask("call", { server: notes.id, input, ...found }, where)) as Said;
}

interface Said {
  text: string;
  data?: unknown;
  pictures: { media_type: string; data: string }[];
  failed: boolean;
}

test("a server is added with what it offers, each by a name that a model can call", () => {
  assert.deepEqual([notes.id, notes.name, notes.url, notes.state], ["my-notes", "My Notes", url, "ready"]);
  const calls = notes.tools.map(({ call }) => call);
  assert.ok(calls.includes("mcp_my-notes_add"));
  assert.ok(calls.includes("mcp_my-notes_read_resource"));
  assert.ok(calls.every((call) => /^[\w-]{1,64}$/.test(call)));
  assert.equal(new Set(calls).size, calls.length);
  assert.deepEqual(notes.prompts, [
    {
      name: "greet",
      title: "greet",
      description: "Greets somebody.",
      arguments: [{ name: "name", required: true }],
    },
  ]);
  assert.deepEqual(
    notes.resources.map(({ uri, title }) => [uri, title]),
    [["note://first", "The first note"]],
  );
});

test("what a tool answers comes as data, as text, as a picture, as a link, as a failure", async () => {
  assert.deepEqual((await called("mcp_my-notes_add", { text: "Milk" })).data, { count: 1 });
  assert.equal((await called("mcp_my-notes_plain", { text: "Hello" })).text, "Hello");
  const { pictures, failed } = await called("mcp_my-notes_draw");
  assert.deepEqual([pictures.length, pictures[0]?.media_type, failed], [1, "image/png", false]);
  assert.equal((await called("mcp_my-notes_link")).text, "See\n[first](note://1): The first note");
  const ink = await called("mcp_my-notes_fail");
  assert.deepEqual([ink.failed, /fail/.test(ink.text)], [true, true]);
  assert.match((await called("mcp_my-notes_read_resource", { uri: "note://first" })).text, /Buy milk/);
});

test("prompts and resources are there for the person", async () => {
  assert.equal(await servers.prompt(notes.id, "greet", { name: "Ada" }), "Say hello to Ada.");
  assert.match(await servers.read(notes.id, "note://first"), /Buy milk/);
});

test("progress is told, and a stop reaches the server", async () => {
  const stop = new AbortController();
  const call = called("mcp_my-notes_slow", {}, stop.signal);
  while (!told.length) await Promise.race([call, new Promise((soon) => setTimeout(soon, 10))]);
  assert.deepEqual(told, ["my-notes: 1 of 3 · Sharpening"]);
  stop.abort();
  await assert.rejects(call, { code: "cancelled" });
  let said = "";
  while (said !== "slow") said = (await called("mcp_my-notes_was_cancelled")).text;
});

test("a tool that changed is asked for anew, and never runs as what was allowed", async () => {
  const session = new SessionServers(servers);
  const where = { signal: new AbortController().signal, lacks, tell: () => undefined, mayUse: () => true };
  const list = async () =>
    ((await session.ask("tools", { server: notes.id, planned: {} }, where)) as { tools: Mounted[] }).tools;
  const of = (tools: Mounted[], name: string) =>
    tools.find((tool) => tool.name === `mcp_my-notes_${name}`) as Mounted;
  const before = await list();
  const [plain, add] = [of(before, "plain"), of(before, "add")];
  assert.deepEqual([await asks(plain.name, plain.print), await asks(add.name, add.print)], [true, true]);
  assert.equal(await asks(plain.name, plain.print), false);
  const changed = new Promise((told) => servers.addEventListener("change", told, { once: true }));
  await called("mcp_my-notes_change");
  await changed;
  await assert.rejects(
    session.ask("call", { server: notes.id, input: { text: "x" }, ...plain }, where),
    /has changed since it was allowed/,
  );
  const now = await list();
  assert.equal(await asks(add.name, of(now, "add").print), false);
  assert.equal(await asks(plain.name, of(now, "plain").print), true);
  assert.equal((await called("mcp_my-notes_plain", { text: "again" })).text, "again");
});

test("a server that ends in mid-call is told at once; the next call finds the one that took its place", async () => {
  await assert.rejects(called("mcp_my-notes_stop"), { code: "download-failed" });
  await assert.rejects(called("mcp_my-notes_add", { text: "x" }), /is not in/);
  assert.match(
    lacks.join(),
    /The tools of “my-notes” are not there: The MCP server at 127.0.0.1:\d+ cannot be reached/,
  );
  await notesServer(port);
  await servers.look(notes.id);
  assert.deepEqual((await called("mcp_my-notes_add", { text: "Milk" })).data, { count: 1 });
});

test("a server is forgotten with what was allowed of its tools", async () => {
  await servers.remove(notes.id);
  assert.deepEqual([await servers.list(), await allowed()], [[], []]);
  assert.deepEqual(await settings.get("mcp"), []);
});
