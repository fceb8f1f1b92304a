/** The gate to the network: what nobody named is not asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesIn, allow, askOnce, closeGate } from "../../../../workers/wire/gate.ts";

const asked: string[] = [];

class Kind {
  constructor(readonly url: string) {
    asked.push(url);
  }
}
class Xhr {
  open(_: string, url: string): void {
    asked.push(url);
  }
}
Object.assign(globalThis, {
  origin: "https://alcove.example",
  location: { href: "https://alcove.example/app/" },
  fetch: async (input: string | URL | Request) =>
    asked.push(input instanceof Request ? input.url : String(input)),
  XMLHttpRequest: Xhr,
});
Object.defineProperty(globalThis, "WebSocket", { value: Kind, configurable: true, writable: true });
Object.defineProperty(globalThis, "EventSource", { value: Kind, configurable: true, writable: true });

const WAYS: Record<string, (url: string) => unknown> = {
  fetch: (url) => fetch(url),
  "fetch of a request": (url) => fetch(new Request(new URL(url, location.href))),
  XMLHttpRequest: (url) => new XMLHttpRequest().open("GET", url),
  WebSocket: (url) => new WebSocket(url),
  EventSource: (url) => new EventSource(url),
};

/** What was asked after each way was tried with `url`. */
async function tried(url: string): Promise<{ asked: number; refused: number }> {
  asked.length = 0;
  let refused = 0;
  for (const way of Object.values(WAYS)) {
    try {
      await way(url);
    } catch (thrown) {
      // A Request with a name and a password is refused by the browser itself.
      assert.equal((thrown as { code?: string }).code ?? "unsupported", "unsupported");
      refused++;
    }
  }
  return { asked: asked.length, refused };
}

const ALL = { asked: Object.keys(WAYS).length, refused: 0 };
const NONE = { asked: 0, refused: Object.keys(WAYS).length };

test("before a gate is closed everything passes, and naming does nothing", async () => {
  allow("https://elsewhere.example");
  assert.deepEqual(await tried("https://elsewhere.example/x"), ALL);
  closeGate();
  closeGate();
  assert.deepEqual(await tried("https://elsewhere.example/x"), NONE);
});

test("the site and this very device may be asked", async () => {
  for (const url of [
    "./model.bin",
    "https://alcove.example/x",
    "http://localhost:8080/v1",
    "http://127.0.0.1:11434",
    "http://[::1]:8080/",
    "http://app.localhost/",
    "data:text/plain,hi",
  ]) {
    assert.deepEqual(await tried(url), ALL, url);
  }
  // A socket to this site is the site.
  assert.equal(new WebSocket("wss://alcove.example/live").url, "wss://alcove.example/live");
});

test("what looks like them may not", async () => {
  for (const url of [
    "//elsewhere.example/x",
    "https://alcove.example.elsewhere.example/",
    "https://alcove.example@elsewhere.example/",
    "https://alcove.example:444/",
    "http://alcove.example/",
    "https://localhost.elsewhere.example/",
    "https://127.0.0.1.elsewhere.example/",
    "http://127.0.0.2.example/",
  ]) {
    assert.deepEqual(await tried(url), NONE, url);
  }
});

test("an origin that was named may be asked, its neighbours not", async () => {
  allow("https://api.example/v1", "no address", "wss://robot.example:6789/stream");
  assert.deepEqual(await tried("https://api.example/v2/other?x"), ALL);
  assert.deepEqual(await tried("https://api.example:8443/"), NONE);
  assert.deepEqual(await tried("https://www.api.example/"), NONE);
  assert.equal(new WebSocket("wss://robot.example:6789/").url, "wss://robot.example:6789/");
});

test("the addresses of a plan are found wherever they stand", () => {
  const plan = {
    providers: [{ module: "p", config: { base_url: "https://a.example/v1", api_key: "sk-https://no" } }],
    tools: [{ config: { hosts: ["ws://b.example", 3, null, "c.example"] } }],
  };
  assert.deepEqual(addressesIn([undefined, plan]), ["https://a.example/v1", "ws://b.example"]);
});

test("an address that is asked once is let through once", async () => {
  asked.length = 0;
  await askOnce(new URL("https://once.example/a"), {});
  await assert.rejects(fetch("https://once.example/b"), { code: "unsupported" });
  allow("https://named.example");
  await askOnce(new URL("https://named.example/a"), {});
  await fetch("https://named.example/b");
  assert.deepEqual(asked, ["https://once.example/a", "https://named.example/a", "https://named.example/b"]);
});
