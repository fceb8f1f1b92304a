import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadFailure, requestFailure } from "../../../../workers/webllm/errors.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const SOURCE = fileURLToPath(import.meta.resolve("@mlc-ai/web-llm"));

/** The names that WebLLM's error classes give themselves. */
function errorNames(): string[] {
  const source = readFileSync(SOURCE, "utf8");
  const classes = source.matchAll(/^class \w+ extends (?:Error|\w+Error)\b[\s\S]*?^}/gm);
  return [...classes].flatMap(([text]) => /this\.name = "(\w+)"/.exec(text)?.[1] ?? []);
}

test("every error class of WebLLM has its place", () => {
  const names = errorNames();
  assert.ok(names.length > 60, `${names.length} classes`);
  for (const name of new Set(names)) {
    const text = `${name}: something`;
    assert.notEqual(
      loadFailure(text).message,
      loadFailure("an unknown text").message,
      `${name} is mapped by nobody`,
    );
  }
});

test("an error object and its text are the same", () => {
  const error = Object.assign(new Error("too long"), { name: "ContextWindowSizeExceededError" });
  assert.equal(requestFailure(error).code, "context-overflow");
  assert.equal(requestFailure("ContextWindowSizeExceededError: too long").code, "context-overflow");
  assert.equal(requestFailure("GrammarMatcherInitError: no").code, "bad-request");
});

test("what nobody named is a crash of a request, and a wrong model at a load", () => {
  assert.equal(requestFailure(new WebAssembly.RuntimeError("unreachable")).code, "engine-crashed");
  assert.equal(loadFailure(new WebAssembly.RuntimeError("unreachable")).code, "model-invalid");
  assert.equal(loadFailure(new RangeError("Array buffer allocation failed")).code, "out-of-memory");
  assert.equal(requestFailure(new RangeError("Invalid typed array length")).code, "engine-crashed");
  assert.equal(
    loadFailure(new Error("Cannot initialize runtime because of requested maxBufferSize exceeds limit."))
      .code,
    "unsupported",
  );
});

test("our own errors pass; an abort that nobody asked for is no cancel", () => {
  const own = new AlcoveError("quota", "full");
  assert.equal(loadFailure(own), own);
  assert.equal(requestFailure(new DOMException("stop", "AbortError")).code, "engine-crashed");
});
