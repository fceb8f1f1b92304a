/** Headers that a host leaves out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingFrom, withHeaders } from "../../../../web/page/offline/headers.ts";

const WANTED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Content-Security-Policy": "default-src 'self'",
};

test("what is missing is added, and the rest stays", async () => {
  const answer = new Response("text", { status: 203, statusText: "So", headers: { "Content-Type": "a/b" } });
  assert.deepEqual(missingFrom(answer, WANTED), Object.keys(WANTED));
  const full = withHeaders(answer, WANTED);
  for (const [name, value] of Object.entries(WANTED)) assert.equal(full.headers.get(name), value);
  assert.equal(full.headers.get("content-type"), "a/b");
  assert.deepEqual([full.status, full.statusText, await full.text()], [203, "So", "text"]);
});

test("what the host says itself holds", () => {
  const own = { ...WANTED, "Content-Security-Policy": "default-src 'none'" };
  const answer = new Response("text", { headers: own });
  assert.equal(withHeaders(answer, WANTED), answer);
});

test("answers that cannot be opened pass as they are", () => {
  for (const type of ["opaque", "opaqueredirect", "error"]) {
    const answer = { status: 0, type, headers: new Headers() } as unknown as Response;
    assert.equal(withHeaders(answer, WANTED), answer);
  }
});

test("an answer without a body gets none", () => {
  for (const status of [204, 304]) {
    const full = withHeaders(new Response(null, { status }), WANTED);
    assert.deepEqual([full.status, full.body], [status, null]);
    assert.equal(full.headers.get("Cross-Origin-Opener-Policy"), "same-origin");
  }
});
