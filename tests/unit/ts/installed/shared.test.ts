/** What other programs hand over: kept once, taken once, never more than a message takes, and not from other sites. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keepShared, NOT_SHARED, takeShared } from "../../../../web/page/offline/shared.ts";
import { FakeCaches } from "../page/fake_caches.ts";

const SCOPE = "https://a.example/x/";

beforeEach(() => {
  Object.defineProperty(globalThis, "caches", { configurable: true, value: new FakeCaches() });
});

function form(texts: Record<string, string>, ...files: File[]): FormData {
  const made = new FormData();
  for (const [name, text] of Object.entries(texts)) made.set(name, text);
  for (const file of files) made.append("files", file);
  return made;
}

function posted(body: FormData | string, referrer = "", headers: Record<string, string> = {}): Request {
  const request = new Request(`${SCOPE}share`, { method: "POST", body });
  Object.defineProperty(request, "referrer", { value: referrer });
  // A browser sets these itself.
  const all = new Headers([...request.headers, ...Object.entries(headers)]);
  Object.defineProperty(request, "headers", { value: all });
  return request;
}

test("text and files come through, names and bytes as they were, once", async () => {
  const body = form(
    { title: "A page", text: "read it" },
    new File(["a,b"], "größe.csv", { type: "text/csv" }),
  );
  const answer = await keepShared(posted(body), SCOPE);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), SCOPE);
  const taken = await takeShared(SCOPE);
  assert.equal(taken?.text, "A page\nread it");
  assert.deepEqual(
    await Promise.all((taken?.files ?? []).map(async (f) => [f.name, f.type, await f.text()])),
    [["größe.csv", "text/csv", "a,b"]],
  );
  assert.equal(await takeShared(SCOPE), null);
});

test("an address that stands in the text too is taken once; a repeated title as well", async () => {
  const url = "https://b.example/1";
  await keepShared(posted(form({ title: "See", text: `See ${url}`, url })), SCOPE);
  assert.equal((await takeShared(SCOPE))?.text, `See ${url}`);
  await keepShared(posted(form({ title: url, url })), SCOPE);
  assert.equal((await takeShared(SCOPE))?.text, url);
});

test("another site's form is not taken", async () => {
  const answer = await keepShared(posted(form({ text: "do this" }), "https://evil.example/"), SCOPE);
  assert.equal(answer.headers.get("location"), SCOPE);
  assert.equal(await takeShared(SCOPE), null);
  // It may hide its address, but not what the browser says of it.
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
    await keepShared(posted(form({ text: "do this" }), "", headers as Record<string, string>), SCOPE);
    assert.equal(await takeShared(SCOPE), null);
  }
  await keepShared(
    posted(form({ text: "of the system" }), "", { "sec-fetch-site": "none", origin: "null" }),
    SCOPE,
  );
  assert.equal((await takeShared(SCOPE))?.text, "of the system");
});

for (const [name, body] of [
  ["too many letters", form({ text: "a".repeat(100_001) })],
  ["too many files", form({}, ...Array.from({ length: 11 }, (_, i) => new File(["x"], `${i}`)))],
  ["no form", "neither one nor the other"],
] as const) {
  test(`${name}: the page says that it was not taken`, async () => {
    const answer = await keepShared(posted(body), SCOPE);
    assert.equal(answer.headers.get("location"), SCOPE + NOT_SHARED);
    assert.equal(await takeShared(SCOPE), null);
  });
}

test("a disk that is full is told too", async () => {
  const full = async () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  Object.defineProperty(globalThis, "caches", { configurable: true, value: { open: full } });
  const answer = await keepShared(posted(form({ text: "a" })), SCOPE);
  assert.equal(answer.headers.get("location"), SCOPE + NOT_SHARED);
});
