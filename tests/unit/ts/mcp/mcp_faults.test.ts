/** MCP servers that do what they should not: each is a typed error that says what to do, soon, and nothing more. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { SessionServers } from "../../../../web/sdk/mcp/session-servers.ts";
import { type Answer, freePort, HANGS, LIMITS, person, scripted, sound, TOOL } from "./mcp_servers.ts";

const { servers } = person({ connect: 400, silent: 300, call: 600 });
const { servers: patient } = person({ connect: 30_000, silent: 30_000, call: 30_000 }); // on a busy machine
const never = new AbortController().signal;

/** What it fails with when it is added. */
async function refusal(answer: Answer, given: { token?: string } = {}) {
  const { url } = await scripted(answer);
  const error = await servers.add({ url, ...given }).then(
    () => assert.fail("It was added."),
    (thrown) => thrown,
  );
  assert.deepEqual(await servers.list(), []);
  assert.ok(error.action);
  return error as { code: string; message: string; action: string };
}

/** What a call of its tool "add" gives. */
async function call(answer: Answer, of = servers): Promise<{ text: string; failed: boolean }> {
  const { url } = await scripted(answer);
  const session = new SessionServers(of);
  const where = { signal: never, lacks: [], tell: () => undefined, mayUse: () => true };
  const { tools } = (await session.ask("tools", { server: "far", planned: { url } }, where)) as {
    tools: { name: string }[];
  };
  return (await session.ask("call", { server: "far", input: {}, ...tools[0] }, where)) as never;
}

const raw =
  (status: number, body: string, headers: Record<string, string> = { "Content-Type": "text/html" }): Answer =>
  (_message, response) =>
    response.writeHead(status, headers).end(body);

test("nothing listens there", async () => {
  const error = await patient
    .add({ url: `http://127.0.0.1:${await freePort()}/mcp` })
    .catch((thrown) => thrown);
  assert.equal(error.code, "download-failed");
  assert.match(error.action, /CORS.*Mcp-Session-Id/);
});

test("it never answers", async () => {
  const asked = performance.now();
  assert.equal((await refusal(() => HANGS)).code, "timeout");
  assert.ok(performance.now() - asked < 3000);
});

test("it never says that it has heard that the connection is made", async () => {
  const answer: Answer = (message, ...rest) =>
    message.method === "notifications/initialized" ? HANGS : sound(() => [TOOL])(message, ...rest);
  assert.equal((await refusal(answer)).code, "timeout");
});

test("it wants to know the person, and never says where", async () => {
  const { url } = await scripted(
    (_message, response) => response.writeHead(401).end(),
    () => true,
  );
  const { id, state, signInAt } = await servers.add({ url });
  await servers.remove(id);
  assert.deepEqual([state, signInAt], ["sign-in", undefined]);
});

test("it is not asked in vain time and again, but when the person wants it", async () => {
  let hangs = true;
  const answer: Answer = (message, ...rest) =>
    hangs && message.method === "tools/list" ? HANGS : sound(() => [TOOL])(message, ...rest);
  const { url } = await scripted(answer);
  const { servers } = person({ connect: 900 });
  hangs = false;
  const { id } = await servers.add({ url });
  hangs = true;
  await servers.add({ url, name: "again" }).catch(() => undefined);
  await servers.toolsOf(id).catch(() => undefined);
  const asked = performance.now();
  await assert.rejects(servers.toolsOf(id), { code: "timeout" });
  assert.ok(performance.now() - asked < 300);
  hangs = false;
  assert.equal((await servers.look(id)).state, "ready");
});

test("what answers is no MCP server", async () => {
  for (const answer of [
    raw(200, "<h1>Hello</h1>"),
    raw(404, "<h1>Not found</h1>"),
    raw(200, "{", { "Content-Type": "application/json" }),
    raw(200, '{"a": 1}', { "Content-Type": "application/json" }),
  ]) {
    const { code, message } = await refusal(answer);
    assert.deepEqual([code, /speaks no MCP/.test(message)], ["bad-request", true]);
  }
  assert.equal((await refusal(raw(500, "oh"))).code, "download-failed");
});

test("it speaks a version of the protocol that nobody knows", async () => {
  const answer: Answer = () => ({
    protocolVersion: "1999-01-01",
    capabilities: {},
    serverInfo: { name: "x", version: "1" },
  });
  const { code, message } = await refusal(answer);
  assert.deepEqual([code, /version/.test(message)], ["unsupported", true]);
});

test("it sends us elsewhere, and nothing goes there", async () => {
  const elsewhere = await scripted(() => ({}));
  for (const Location of [elsewhere.url, "/other"]) {
    assert.equal((await refusal(raw(307, "", { Location }), { token: "hush" })).code, "unsupported");
  }
  assert.equal(elsewhere.asked.length, 0);
});

test("it wants a token, another token, or nobody", async () => {
  assert.match((await refusal(raw(401, "who?"), { token: "hush" })).message, /does not accept the token/);
  assert.equal((await refusal(raw(403, "no"))).code, "bad-request");
});

test("the token goes with every question, and is shown nowhere", async () => {
  const { url, asked } = await scripted(sound(() => [TOOL]));
  const server = await servers.add({ url: `${url}?key=quiet#x`, token: "hush" });
  assert.deepEqual(new Set(asked.map(({ headers }) => headers.authorization)), new Set(["Bearer hush"]));
  assert.ok(asked.some((request) => request.url === "/mcp?key=quiet"));
  assert.ok(!/hush|quiet/.test(JSON.stringify([server, await servers.list()])));
  assert.equal(server.hasToken, true);
  await servers.remove(server.id);
});

test("a token that another tab has set is the one that is sent", async () => {
  const { url, asked } = await scripted(sound(() => [TOOL]));
  const { servers, settings } = person();
  const { id } = await servers.add({ url, token: "old" });
  await settings.update("mcp", (kept = []) => (kept as object[]).map((each) => ({ ...each, token: "new" })));
  asked.length = 0;
  await servers.toolsOf(id);
  const sent = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers.authorization);
  assert.deepEqual(new Set(sent), new Set(["Bearer new"]));
});

test("what is no address, and what is no token", async () => {
  for (const url of ["", "rocket", "ftp://a.example", "http://a.example/mcp", "https://a:b@c.example"]) {
    await assert.rejects(servers.add({ url }), { code: "bad-request" });
  }
  await assert.rejects(servers.add({ url: "https://a.example", token: "a\nb" }), { code: "bad-request" });
});

test("it lies about its tools: what is none is named, the rest is there", async () => {
  const tools = [
    TOOL,
    TOOL,
    { name: "no schema" },
    { name: "odd schema", inputSchema: { type: "string" } },
    { name: "long", inputSchema: { type: "object", description: "x".repeat(30_000) } },
    "no tool",
    { ...TOOL, name: "größer als\u202e" },
    { ...TOOL, name: "y".repeat(200), description: "z".repeat(5000) },
    { ...TOOL, name: `${"y".repeat(199)}z` },
  ];
  const { url } = await scripted(sound(() => tools));
  const { id, ...server } = await servers.add({ url });
  assert.deepEqual(
    server.refused.map(({ name }) => name),
    ["no schema", "odd schema", "(no name)", "add", "long"],
  );
  assert.equal(server.tools.length, 4);
  assert.ok(
    server.tools.every(({ call, description }) => /^[\w-]{1,64}$/.test(call) && description.length < 2100),
  );
  assert.equal(new Set(server.tools.map(({ call }) => call)).size, 4);
  await servers.remove(id);
});

test("of many tools the first are taken until the person chooses", async () => {
  const { url } = await scripted(
    sound(() => Array.from({ length: 500 }, (_, i) => ({ ...TOOL, name: `t${i}` }))),
  );
  const { id, tools } = await servers.add({ url });
  assert.deepEqual([tools.length, tools.filter(({ on }) => on).length], [500, 20]);
  await servers.choose(id, ["t499"]);
  assert.deepEqual(
    (await servers.toolsOf(id)).map(({ name }) => name),
    ["t499"],
  );
  await servers.remove(id);
});

test("its list of tools has no end", async () => {
  let pages = 0;
  const answer: Answer = (message, ...rest) =>
    message.method === "tools/list"
      ? { tools: [{ ...TOOL, name: `t${++pages}` }], nextCursor: "more" }
      : sound(() => [])(message, ...rest);
  const { id, tools } = await person().servers.add({ url: (await scripted(answer)).url });
  assert.deepEqual([id, tools.length, pages], [id, 50, 50]);
});

test("a call that is never answered", async () => {
  await assert.rejects(
    call(
      sound(
        () => [TOOL],
        () => HANGS,
      ),
    ),
    { code: "timeout" },
  );
});

test("a call that is answered with far too much", async () => {
  const text = "x".repeat(50_000_000);
  for (const type of ["application/json", "text/event-stream"]) {
    const much: Answer = ({ id }, response) => {
      const answer = JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } });
      response.writeHead(200, { "Content-Type": type });
      response.end(type === "application/json" ? answer : `data: ${answer}\n\n`);
    };
    await assert.rejects(
      call(
        sound(() => [TOOL], much),
        person().servers,
      ),
      { code: "quota" },
    );
  }
});

test("a stream that ends without the answer is told at once", async () => {
  const cut: Answer = (_, response) =>
    response.writeHead(200, { "Content-Type": "text/event-stream" }).end(": hello\n\n");
  const asked = performance.now();
  await assert.rejects(
    call(
      sound(() => [TOOL], cut),
      person().servers,
    ),
    { code: "download-failed" },
  );
  // Long before a server's silence is one.
  assert.ok(performance.now() - asked < LIMITS.silent / 10);
});

test("a stream that breaks off is taken up again where it was", async () => {
  let id: unknown;
  const events = { "Content-Type": "text/event-stream" };
  const first: Answer = (message, response) => {
    id = message.id;
    response.writeHead(200, events).end("id: 7\nretry: 10\ndata:\n\n");
  };
  const answer = sound(() => [TOOL], first);
  const { url } = await scripted(answer, (request, response) => {
    if (request.headers["last-event-id"] !== "7") return false;
    const result = { content: [{ type: "text", text: "at last" }] };
    response.writeHead(200, events).end(`data: ${JSON.stringify({ jsonrpc: "2.0", id, result })}\n\n`);
    return true;
  });
  const { id: server } = await servers.add({ url });
  const [tool] = await servers.toolsOf(server);
  assert.deepEqual((await tool?.run({}, {}))?.content, [{ type: "text", text: "at last" }]);
  await servers.remove(server);
});

test("one that knows the person no more is shown so, whether a call or the next connection tells", async () => {
  for (const statuses of [[401], [404, 401]]) {
    let knows = true;
    const fine = sound(() => [TOOL]);
    const { url } = await scripted((message, response, request) => {
      if (knows) return fine(message, response, request);
      return response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 401).end();
    });
    const { servers } = person();
    const { id } = await servers.add({ url });
    const [tool] = await servers.toolsOf(id);
    knows = false;
    let told = 0;
    servers.addEventListener("change", () => told++);
    await assert.rejects(async () => tool?.run({}, {}), /wants to know you/);
    await assert.rejects(servers.toolsOf(id), /wants to know you/);
    assert.deepEqual([told, (await servers.list())[0]?.state], [1, "unknown"]);
    assert.equal((await servers.look(id)).state, "sign-in");
  }
});

test("a session that the server has forgotten begins anew, and the call is made once", async () => {
  let calls = 0;
  let forgotten = true;
  const answer = sound(
    () => [TOOL],
    (_, response) => {
      if (forgotten) {
        forgotten = false;
        return response.writeHead(404).end("no session");
      }
      calls += 1;
      return { content: [{ type: "text", text: "done" }] };
    },
  );
  assert.deepEqual([(await call(answer)).text, calls], ["done", 1]);
});

test("two calls in a session that is forgotten begin one new one, and neither loses its connection", async () => {
  let begun = 0;
  const old: ServerResponse[] = [];
  const answer = sound(
    () => [TOOL],
    (_, response) => {
      if (begun > 1) return { content: [{ type: "text", text: "done" }] };
      old.push(response);
      // The one is told of it while the other waits, and that one only when all has begun anew.
      if (old.length === 2) old.shift()?.writeHead(404).end();
      return HANGS;
    },
  );
  const { url } = await scripted((message, ...rest) => {
    if (message.method === "initialize") begun += 1;
    if (message.method === "tools/call" && begun > 1) setTimeout(() => old.shift()?.writeHead(404).end(), 20);
    return answer(message, ...rest);
  });
  const { id } = await servers.add({ url });
  const [tool] = await servers.toolsOf(id);
  const said = await Promise.all([tool?.run({}, {}), tool?.run({}, {})]);
  assert.deepEqual(
    said.map((each) => each?.content),
    [1, 2].map(() => [{ type: "text", text: "done" }]),
  );
  assert.equal(begun, 2);
  await servers.remove(id);
});

test("it asks for what is the person's, and is refused", async () => {
  const refused: unknown[] = [];
  const asks: Answer = (message, response) => {
    if (!message.method) return refused.push(message);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const method of ["sampling/createMessage", "elicitation/create", "roots/list"]) {
      response.write(`data: ${JSON.stringify({ jsonrpc: "2.0", id: method, method, params: {} })}\n\n`);
    }
    const answer = { jsonrpc: "2.0", id: message.id, result: { content: [] } };
    const last = `data: ${JSON.stringify(answer)}\n\n`;
    const end = (): unknown => (refused.length < 3 ? setTimeout(end, 20) : response.end(last));
    end();
  };
  const answer = sound(() => [TOOL], asks);
  await call(
    (message, ...rest) => (message.method ? answer(message, ...rest) : asks(message, ...rest)),
    patient,
  );
  assert.deepEqual(
    refused.map((each) => (each as { error?: { code: number } }).error?.code),
    [-32601, -32601, -32601],
  );
});

test("a plan's server that no page can ask, or whose secret is not here, is missing by its name", async () => {
  for (const planned of [
    { url: "https://a.example", type: "stdio" },
    { url: "https://a.example", headers: { Authorization: `Bearer $\{KEY}` } },
    { url: "https://a.example", headers: { Authorization: "[redacted]" } },
    { url: "https://a.example/mcp?[redacted]" },
    { url: "https://a.example", headers: { "X-Key": "s3cret\nnext" } },
    { url: "http://a.example" },
    { url: ["https://a.example"] },
    { url: null },
  ]) {
    const lacks: string[] = [];
    const asked = { server: "far", planned };
    const told = await new SessionServers(servers).ask("tools", asked, {
      signal: never,
      lacks,
      tell: () => undefined,
      mayUse: () => true,
    });
    assert.deepEqual(told, { tools: [] });
    assert.match(lacks.join(), /^The tools of “far” are not there/);
    assert.doesNotMatch(lacks.join(), /s3cret/);
  }
});

test("what a bundle asks for of the person's own is had once the person gives it", async () => {
  const { url, asked } = await scripted(sound(() => [TOOL]));
  const { id: server } = await servers.add({ url, name: "mine" });
  asked.splice(0);
  const session = new SessionServers(servers);
  const lacks: string[] = [];
  const ask = (what: string, input: object, given: boolean) => {
    const where = { signal: never, lacks, tell: () => undefined, mayUse: () => given };
    return session.ask(what, { server, planned: {}, ...input }, where);
  };
  for (const _ of [1, 2]) assert.deepEqual(await ask("tools", {}, false), { tools: [] });
  assert.match(lacks.join(), /^The tools of “mine” are not there: It is a server of yours.*give it to this/);
  const { tools } = (await ask("tools", {}, true)) as { tools: { name: string; print: string }[] };
  assert.equal(tools.length, 1);
  await assert.rejects(ask("call", { input: {}, ...tools[0] }, false), /a server of yours/);
  assert.deepEqual(asked, []);
  await servers.remove(server);
});
