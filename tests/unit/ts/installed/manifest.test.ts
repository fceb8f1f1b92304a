/** What the manifest names is there: tabs, icons, and where what is shared is taken. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { SHARE } from "../../../../web/page/offline/shared.ts";

// What a browser has and nothing here looks at.
Object.assign(globalThis, {
  __BUILD__: {},
  CSS: { supports: () => true },
  HTMLElement: class {},
  location: { hash: "", pathname: "/", search: "" },
});
const { TABS } = await import("../../../../web/page/shell/tabs.ts");

interface Manifest {
  icons: { src: string }[];
  shortcuts: { name: string; url: string; icons: { src: string }[] }[];
  share_target: { action: string; method: string; params: { files: { name: string }[] } };
  file_handlers: { action: string; accept: Record<string, string[]> }[];
}

const manifest = JSON.parse(readFileSync("web/manifest.webmanifest", "utf8")) as Manifest;

test("each shortcut opens a tab that there is, and has an icon that there is", () => {
  const addresses = TABS.map(({ address }) => address);
  for (const { url, icons } of manifest.shortcuts) {
    assert.ok(addresses.includes(url.replace(/^\.\/#?/, "")), url);
    for (const { src } of [...icons, ...manifest.icons]) assert.ok(existsSync(`web/${src}`), src);
  }
});

test("what is shared is posted to where the service worker takes it, under the name by which it does", () => {
  const { action, method, params } = manifest.share_target;
  assert.equal(action, `./${SHARE}`);
  assert.equal(method, "POST");
  assert.deepEqual(
    params.files.map(({ name }) => name),
    ["files"],
  );
});

test("files open in the page, each kind with the ends of its names", () => {
  for (const { action, accept } of manifest.file_handlers) {
    assert.equal(action, "./");
    for (const [kind, ends] of Object.entries(accept)) {
      assert.match(kind, /^[a-z]+\/[a-z]+$/);
      assert.ok(
        ends.every((end) => /^\.[a-z]+$/.test(end)),
        kind,
      );
    }
  }
});
