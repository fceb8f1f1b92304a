/** Pyodide's own module, as a worker of no origin can run it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Script } from "node:vm";
import { asClassic } from "../../../../workers/interpreter/classic.ts";

test("the module that npm gives becomes a script", () => {
  const path = new URL("../../../../node_modules/pyodide/pyodide.asm.mjs", import.meta.url);
  const script = asClassic(readFileSync(path, "utf8"));
  assert.doesNotThrow(() => new Script(script));
  assert.match(script, /^\s*async function _createPyodideModule\(/);
});

test("a module that is made otherwise is refused", () => {
  for (const module of ["export default other;", "import.meta.env;export default _createPyodideModule;"]) {
    assert.throws(() => asClassic(module), { code: "unsupported" });
  }
});
