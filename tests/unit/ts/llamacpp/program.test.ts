import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, {
  __BUILD__: {
    llamacpp: { simd: { worker: "assets/llamacpp-simd-1.js", wasm: "assets/llamacpp-simd-2.wasm" } },
  },
});
const { programFiles, programs } = await import("../../../../workers/llamacpp/program.ts");

const browser = (relaxed: boolean) => ({ Suspending: class {}, validate: () => relaxed });

test("the best build comes first, the one for old browsers last", () => {
  assert.deepEqual(programs(true, browser(true)), ["relaxed", "simd", "compat"]);
  assert.deepEqual(programs(true, browser(false)), ["simd", "compat"]);
});

test("a page that is not isolated gets the build without threads", () => {
  assert.deepEqual(programs(false, browser(true)), ["single", "compat"]);
});

test("without promise integration only the build for old browsers runs", () => {
  assert.deepEqual(programs(true, { validate: () => true }), ["compat"]);
});

test("the probe for relaxed SIMD is WebAssembly but for that", () => {
  let probe: Uint8Array = new Uint8Array();
  programs(true, {
    ...browser(true),
    validate: (bytes: BufferSource) => {
      probe = bytes as Uint8Array;
      return true;
    },
  });
  assert.deepEqual([...probe.slice(0, 8)], [0, 97, 115, 109, 1, 0, 0, 0]);
  // The same with i32x4.add twice in place of the relaxed product, which takes three: valid everywhere.
  const plain = [...probe.slice(0, -4), 253, 174, 1, 253, 174, 1, 11];
  plain[plain.indexOf(10, 14) + 1] = 22;
  plain[plain.indexOf(10, 14) + 3] = 20;
  assert.equal(WebAssembly.validate(new Uint8Array(plain)), true);
});

test("files are found from the root of the site", () => {
  assert.deepEqual(programFiles("simd", "https://a.example/app/"), {
    worker: "https://a.example/app/assets/llamacpp-simd-1.js",
    wasm: "https://a.example/app/assets/llamacpp-simd-2.wasm",
  });
});
