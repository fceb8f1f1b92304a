/** The tools of a conversation at the other end of a MessagePort, where the official SDK asks for them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { portTransport } from "../../../../web/sdk/mcp/port.ts";
import type { Approval } from "../../../../web/sdk/sessions/permissions.ts";
import { Permissions } from "../../../../web/sdk/sessions/permissions.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import type { TurnEvent } from "../../../../workers/python/protocol.ts";

Object.assign(globalThis, { __BUILD__: { version: "1" } });
const { serveTools } = await import("../../../../web/sdk/mcp/serve.ts");

const TOOLS = [{ name: "add", description: "Adds.", inputSchema: { type: "object" } }];
const PICTURE = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } };
const permissions = new Permissions(new Settings(null), { list: async () => [] } as never);

/** Python, as far as it goes here: `add` asks first, `hang` waits for a stop, `fail` fails. */
const answers: ((option: string) => void)[] = [];
let running = 0;
let most = 0;
const used: string[] = [];
const python = {
  awake: <T>(work: () => Promise<T>) => work(),
  tools: async () => TOOLS,
  respond: async (_session: string, _id: string, option: string) => answers.shift()?.(option),
  useTool: async (
    _session: string,
    name: string,
    input: unknown,
    { onEvent, signal }: { onEvent: (event: TurnEvent) => void; signal: AbortSignal },
  ) => {
    running += 1;
    used.push(name);
    most = Math.max(most, running);
    const ends = (success: boolean) =>
      onEvent({ type: "tool", phase: "end", id: "1", name, input, success } as TurnEvent);
    try {
      if (name === "hang")
        await new Promise((stop) => signal.addEventListener("abort", stop, { once: true }));
      if (name === "add") {
        const options = ["Allow once", "Allow always", "Deny"];
        const chosen = new Promise<string>((resolve) => answers.push(resolve));
        onEvent({
          type: "approval",
          id: "1",
          tool: name,
          prompt: "?",
          options,
          origin: "page",
          details: "{}",
        } as TurnEvent);
        const allowed = (await chosen).startsWith("Allow");
        ends(allowed);
        return {
          content: allowed ? [{ type: "text", text: "3" }, PICTURE] : [{ type: "text", text: "refused" }],
        };
      }
      ends(name !== "fail");
      return { content: [{ type: "text", text: name }] };
    } finally {
      running -= 1;
    }
  },
};

async function client(onApproval?: (approval: Approval) => void, open = async () => undefined) {
  const { port1, port2 } = new MessageChannel();
  const chat = { id: "c", open };
  const parts = { python: python as never, permissions: async () => permissions };
  const options = { chat, name: "Mine", ...(onApproval ? { onApproval } : {}) };
  const served = await serveTools(port1 as never, options, parts);
  const other = new Client({ name: "other page", version: "1" });
  await other.connect(portTransport(port2 as never));
  after(() => Promise.all([other.close(), served.close()]));
  return other;
}

test("another page finds the tools, and the person is asked before one runs", async () => {
  const asked: string[] = [];
  const other = await client((approval) => {
    asked.push(approval.tool ?? "");
    void approval.respond("Allow once");
  });
  assert.equal(other.getServerVersion()?.name, "Mine");
  assert.deepEqual(
    (await other.listTools()).tools.map(({ name }) => name),
    ["add"],
  );
  const { content, isError } = await other.callTool({ name: "add", arguments: { a: 1 } });
  assert.deepEqual(content, [
    { type: "text", text: "3" },
    { type: "image", data: "AAAA", mimeType: "image/png" },
  ]);
  assert.deepEqual([isError, asked], [false, ["add"]]);
});

test("where nobody can be asked nothing runs, but what was allowed for longer", async () => {
  const other = await client();
  assert.equal((await other.callTool({ name: "add" })).isError, true);
  const asks = await client((approval) => void approval.respond("Allow always"));
  assert.equal((await asks.callTool({ name: "add" })).isError, false);
  assert.equal((await other.callTool({ name: "add" })).isError, false);
});

test("a failure is told, a stop is heard, and calls wait for each other", async () => {
  const other = await client();
  assert.equal((await other.callTool({ name: "fail" })).isError, true);
  const stop = new AbortController();
  const hangs = other.callTool({ name: "hang" }, undefined, { signal: stop.signal });
  const next = other.callTool({ name: "next" });
  setTimeout(() => stop.abort(), 50);
  await assert.rejects(hangs);
  assert.deepEqual((await next).content, [{ type: "text", text: "next" }]);
  assert.equal(most, 1);
});

test("what was stopped before Python could begin does not begin", async () => {
  let opened = (): void => undefined;
  const opening = new Promise<undefined>((resolve) => {
    opened = () => resolve(undefined);
  });
  const other = await client(undefined, () => opening);
  const stop = new AbortController();
  const call = other.callTool({ name: "late" }, undefined, { signal: stop.signal });
  const next = other.callTool({ name: "next" });
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(call);
  setTimeout(opened, 50);
  assert.equal((await next).isError, false);
  assert.equal(used.includes("late"), false);
});
