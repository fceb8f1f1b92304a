/** MCP servers of a plan are asked by the page, and stand behind the gate of Python's worker all the same. */
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { origin: "https://site.example", location: { href: "https://site.example/" } });
const { Host } = await import("../../../../workers/python/host.ts");
const { allow, closeGate } = await import("../../../../workers/wire/gate.ts");

const asked: string[] = [];
const page = {
  call: async (_op: string, { name }: { name: string }) => {
    asked.push(name);
    return { tools: [] };
  },
};
const { module } = new Host(page as never, {} as never, {} as never);
const tools = async (planned: object) =>
  JSON.parse(
    await module.call_tool("s", "1", "alcove:mcp-tools", JSON.stringify({ server: "far", planned })),
  );

test("only what somebody named is asked", async () => {
  closeGate();
  assert.equal((await tools({ url: "https://far.example/mcp" })).error.code, "unsupported");
  // What the page might read as an address.
  assert.equal((await tools({ url: ["https://far.example/mcp"] })).error.code, "unsupported");
  assert.deepEqual(asked, []);
  allow("https://far.example/mcp");
  assert.deepEqual(await tools({ url: "https://far.example/mcp" }), { ok: { tools: [] } });
  assert.deepEqual(await tools({}), { ok: { tools: [] } });
  assert.equal(asked.length, 2);
});
