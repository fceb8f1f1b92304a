/** What is kept of the person's ViLA server, and that its key goes to no other one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Settings } from "../../../../web/sdk/store/settings.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { VilaServer } = await import("../../../../web/sdk/vila/server.ts");

function lab() {
  const settings = new Settings(null);
  return { settings, server: new VilaServer(settings) };
}
const keyOf = async (settings: Settings) => (await settings.get<{ apiKey: string }>("vila"))?.apiKey;

test("a key that was pasted with the address is kept apart from it, and neither is told", async () => {
  const { settings, server } = lab();
  assert.equal(await server.get(), null);
  await server.set({ url: "wss://vila.example/?api_key=om1_live&room=2" });
  assert.deepEqual(await server.get(), {
    url: "wss://vila.example/?room=2",
    host: "vila.example",
    hasKey: true,
  });
  assert.equal(await keyOf(settings), "om1_live");
});

test("without a new key the old one stays with its host, and goes to no other", async () => {
  const { settings, server } = lab();
  await server.set({ url: "wss://vila.example", apiKey: "secret" });
  await server.set({ url: "wss://vila.example/v2" });
  assert.equal(await keyOf(settings), "secret");
  await server.set({ url: "wss://vila.example:444/" });
  assert.equal(await keyOf(settings), "");
});

test("nothing is kept of an address that cannot be, and what was kept stays", async () => {
  const { settings, server } = lab();
  await server.set({ url: "ws://localhost:6789", apiKey: "secret" });
  await assert.rejects(server.set({ url: "ws://vila.example" }), { code: "bad-request" });
  assert.equal((await server.get())?.host, "localhost:6789");
  await server.forget();
  assert.deepEqual(
    [await server.get(), await settings.get("vila"), await server.stream({} as never)],
    [null, undefined, null],
  );
});

test("a stream's figures are held to what can be", async () => {
  const { server } = lab();
  await server.set({ url: "ws://localhost:6789" });
  const options = { capture: {} as never, onCaption: () => undefined };
  assert.equal((await server.stream(options))?.status.state, "ended");
  for (const wrong of [
    { fps: 0 },
    { fps: 61 },
    { quality: 101 },
    { quality: Number.NaN },
    { resolution: [1, 480] as const },
  ]) {
    await assert.rejects(server.stream({ ...options, ...wrong }), { code: "bad-request" });
  }
});
