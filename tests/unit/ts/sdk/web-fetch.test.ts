/** Reading the web for a model: what is not asked, what is not read, and how far it is read. */
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { webFetch } from "../../../../web/sdk/tools/web-fetch.ts";

const own = globalThis.fetch;
const never = new AbortController().signal;
const asked: [URL, RequestInit][] = [];

afterEach(() => {
  globalThis.fetch = own;
  asked.length = 0;
});

const answers = (answer: () => Response | Promise<Response>) => {
  globalThis.fetch = async (address, init) => {
    asked.push([address as URL, init as RequestInit]);
    return answer();
  };
};
const text = (body: BodyInit, type = "text/plain") =>
  new Response(body, { headers: { "Content-Type": type } });
const read = (url: string, seconds = 5) => webFetch({ url, seconds }, never);

test("a page is read, and nothing of the person goes with the question", async () => {
  answers(() => text("hello", "text/html; charset=utf-8"));
  const page = await read("https://a.example/x");
  assert.deepEqual([page.text, page.status, page.type], ["hello", 200, "text/html; charset=utf-8"]);
  const [, init] = asked[0] ?? [];
  assert.equal(init?.credentials, "omit");
  assert.equal(init?.referrerPolicy, "no-referrer");
});

test("what is near, or no page, is not asked", async () => {
  answers(() => text("secret"));
  for (const url of [
    "http://localhost:8000/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://192.168.1.1/",
    "https://[::1]/",
    "https://router/",
    "https://printer.local/",
    "https://x.localhost/",
    "https://localhost./",
    "https://printer.local./",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://me:secret@a.example/",
    "nowhere",
    "",
  ]) {
    await assert.rejects(read(url), { code: "bad-request" }, url);
  }
  assert.equal(asked.length, 0);
});

test("a page that leads to what is near is not read", async () => {
  const leadTo = (url: string) =>
    answers(() =>
      Object.defineProperties(text("secret"), { redirected: { value: true }, url: { value: url } }),
    );
  leadTo("http://192.168.1.1/admin");
  await assert.rejects(read("https://a.example/"), { code: "bad-request" });
  leadTo("https://b.example/page");
  assert.equal((await read("https://a.example/")).url, "https://b.example/page");
});

test("a site that lets nobody read it is told as what it is", async () => {
  answers(() => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(read("https://a.example/"), { code: "unsupported", action: /CORS/ });
});

test("only text is read, and not without end", async () => {
  answers(() => text(new Uint8Array(9), "image/png"));
  await assert.rejects(read("https://a.example/"), { code: "bad-request" });
  const piece = new Uint8Array(1 << 20).fill(65);
  answers(() => text(new ReadableStream({ pull: (stream) => stream.enqueue(piece) })));
  assert.equal((await read("https://a.example/")).text.length, 2 << 20);
  answers(() => text(new Uint8Array([0xe9]), "text/plain; charset=iso-8859-1"));
  assert.equal((await read("https://a.example/")).text, "é");
});

test("it ends in time, and when it is stopped", async () => {
  answers(() => text(new ReadableStream({})));
  // Node does not stay awake for the time-out of a signal.
  const awake = setInterval(() => undefined, 1_000);
  after(() => clearInterval(awake));
  await assert.rejects(read("https://a.example/", 0.05), { code: "timeout" });
  const stop = new AbortController();
  const reading = webFetch({ url: "https://a.example/", seconds: 5 }, stop.signal);
  stop.abort();
  await assert.rejects(reading, { code: "cancelled" });
});
