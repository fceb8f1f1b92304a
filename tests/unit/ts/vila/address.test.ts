/** Where frames may go, and that no word about it holds the key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { vilaAddress } from "../../../../web/sdk/vila/address.ts";

test("an address gets the key as ViLA wants it", () => {
  const address = (url: string, key?: string) => vilaAddress(url, key).href;
  assert.equal(address("wss://vila.example", "om1_live"), "wss://vila.example/?api_key=om1_live");
  assert.equal(address(" ws://127.0.0.1:6789 "), "ws://127.0.0.1:6789/");
  assert.equal(address("ws://localhost:1/x?api_key=old&a=1", "new"), "ws://localhost:1/x?api_key=new&a=1");
  assert.equal(address("wss://vila.example/?api_key=kept#x"), "wss://vila.example/?api_key=kept");
});

for (const [url, key, words] of [
  ["", "", /not the address/],
  ["vila.example", "", /not the address/],
  ["https://vila.example/?api_key=secret", "", /not the address/],
  ["wss://me:secret@vila.example", "", /password/],
  ["ws://vila.example/?api_key=secret", "", /anybody on the way/],
  ["ws://192.168.1.4:6789", "", /anybody on the way/],
  ["wss://vila.example", "secret\nsecret", /key holds a character/],
  ["wss://vila.example", "sécret", /key holds a character/],
] as const) {
  test(`"${url}" is refused`, () => {
    assert.throws(
      () => vilaAddress(url, key),
      (thrown: Error & { action?: string; code?: string }) => {
        assert.equal(thrown.code, "bad-request");
        assert.match(thrown.message, words);
        assert.doesNotMatch(`${thrown.message} ${thrown.action}`, /secret/);
        return true;
      },
    );
  });
}
