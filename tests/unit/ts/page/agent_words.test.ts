import assert from "node:assert/strict";
import { test } from "node:test";
import { asksFor, broughtBy, serversOf } from "../../../../web/page/agents/words.ts";

test("the servers that an agent names are told by their hosts, each once", () => {
  const provider = (config: Record<string, unknown>) => ({ module: "provider-openai", config });
  const providers = [
    provider({ base_url: "https://api.example/v1" }),
    provider({ base_url: 3 }),
    provider({}),
  ];
  const servers = ["https://mcp.example:8443/mcp", "https://api.example/mcp", "no address"];
  assert.deepEqual(serversOf({ providers, servers }), ["api.example", "mcp.example:8443"]);
  assert.deepEqual(serversOf({ providers: [] }), []);
});

test("it is told which servers of the person's own an agent asks for", () => {
  assert.equal(asksFor({}), "");
  assert.match(
    asksFor({ ownServers: ["notes"] }),
    /your MCP server “notes”, and gets it only if you tick it/,
  );
  assert.match(asksFor({ ownServers: ["a", "b"] }), /servers “a” and “b”, and gets those only/);
});

test("what a wheel brought is a sentence", () => {
  const report = { name: "amplifier-module-tool-x", version: "1.0", modules: ["tool-x"], shadowed: [] };
  assert.match(broughtBy(report, "x.whl"), /^amplifier-module-tool-x 1.0 is installed, with tool-x: agents/);
  assert.match(broughtBy({ ...report, shadowed: ["tool-x"] }, "x.whl"), /Not reached.*: tool-x\.$/);
  const none = { name: null, version: null, modules: [], shadowed: [] };
  assert.match(broughtBy(none, "x.whl"), /^x.whl is installed. It brings no module/);
});
