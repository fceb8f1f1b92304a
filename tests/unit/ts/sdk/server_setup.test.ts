import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "../../../../web/sdk/models/server.ts";
import { serverAddress } from "../../../../web/sdk/models/server-setup.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";

const code = (wanted: string) => (error: { code?: string }) => error.code === wanted;

test("this very device is taken in every spelling, an endpoint and a slash are no part of an address", () => {
  for (const [given, kept] of [
    ["http://[::1]:8080/v1", "http://[::1]:8080/v1"],
    ["http://app.localhost:8080", "http://app.localhost:8080/v1"],
    ["http://LOCALHOST:8080/", "http://localhost:8080/v1"],
    ["http://127.0.0.2:8080/v1", "http://127.0.0.2:8080/v1"],
    ["http://127.1:8080/v1", "http://127.0.0.1:8080/v1"],
    ["127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"],
    ["localhost:8080", "http://localhost:8080/v1"],
    ["[::1]:8080/v1/", "http://[::1]:8080/v1"],
    ["https://h.example/v1/chat/completions", "https://h.example/v1"],
    ["https://h.example/api/v3/models/", "https://h.example/api/v3"],
    ["https://h.example/chat/completions", "https://h.example/v1"],
  ] as const) {
    assert.equal(serverAddress(` ${given} `, "https:"), kept, given);
  }
});

test("a server in the network is for a page that came over http", () => {
  for (const host of [
    "192.168.1.5:11434",
    "10.0.0.2",
    "172.20.0.9:8080",
    "nas:8080",
    "box.local",
    "[fd00::2]:80",
  ]) {
    const lan = `http://${host}/v1`;
    assert.equal(serverAddress(lan, "http:"), lan.replace(":80/", "/"));
    assert.throws(() => serverAddress(lan, "https:"), /https/);
  }
  for (const host of ["models.example", "192.168.1.5.example", "172.40.0.1", "8.8.8.8", "[2001:db8::1]"]) {
    assert.throws(() => serverAddress(`http://${host}/v1`, "http:"), /not safe/);
  }
});

test("what Python refuses is refused before it is kept", () => {
  for (const [given, words] of [
    ["https://u:p@h.example/v1", /password/],
    ["https://u@h.example/v1", /user name/],
    ["https://h.example/v1?x=1", /\?/],
    ["https://h.example/v1?", /\?/],
    ["https://h.example/v1#a", /#/],
    ["http://127.0.0.1:99999", /address/],
    ["http://127.0.0.1:0", /port/],
    ["http://[::1", /address/],
    ["h.example:8080/v1", /address/],
    ["javascript:alert(1)", /address/],
  ] as const) {
    assert.throws(() => serverAddress(given, "http:"), words, given);
  }
});

test("a key that was pasted with more than itself is called a bad key", async () => {
  const server = new Server(new Settings(null));
  const at = (apiKey: string) => server.set({ baseUrl: "https://h.example/v1", model: "m", apiKey });
  for (const key of ["sk\u2013abc", "sk-abc中", "sk abc", "sk\nabc", "sk-\u200babc"]) {
    await assert.rejects(at(key), code("bad-request"));
    await assert.rejects(at(key), /key/);
  }
  await at(" sk-abc\n");
  assert.equal((await server.required()).apiKey, "sk-abc");
});

test("a list of models may be bare, and hold what has no name", async (t) => {
  const server = new Server(new Settings(null));
  await server.set({ baseUrl: "https://h.example/v1", model: "m", apiKey: "" });
  const models = (body: unknown) => {
    t.mock.method(globalThis, "fetch", async () => Response.json(body));
    return server.models();
  };
  assert.deepEqual(await models([{ id: "a" }]), ["a"]);
  assert.deepEqual(await models({ data: [{ id: "a" }, null, { id: 3 }, { id: " " }, { id: "b" }] }), [
    "a",
    "b",
  ]);
  for (const body of [{}, null, "no", { data: {} }]) await assert.rejects(models(body), code("bad-request"));
});
