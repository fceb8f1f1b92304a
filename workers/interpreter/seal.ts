/**
 * Takes from this worker's global scope whatever is not the language itself: what reaches out, what starts other
 * realms, what speaks to the page. The frame's policy and its missing origin hold already; this holds where a browser
 * would have a hole in them, and keeps Python from posing as the worker.
 */
import { AlcoveError } from "../wire/errors.ts";

/** What stays, beside what ECMAScript gives: clocks, chance, texts, and what Pyodide waits with. */
const KEPT = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError JSON Math Intl
  Iterator Atomics ArrayBuffer SharedArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array
  Float16Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array BigInt DataView Map Set WeakMap
  WeakSet WeakRef FinalizationRegistry DisposableStack AsyncDisposableStack Proxy Reflect decodeURI decodeURIComponent
  encodeURI encodeURIComponent escape unescape eval isFinite isNaN globalThis self constructor
  WebAssembly console setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone performance crypto
  TextEncoder TextDecoder URL AbortController AbortSignal DOMException Event EventTarget atob btoa`.split(
    /\s+/,
  ),
);

/** What Pyodide asks of a navigator. */
const NAVIGATOR = Object.freeze({ userAgent: "", language: "en-US", platform: "" });

/** @throws AlcoveError `unsupported` where something that reaches out cannot be taken away: no known browser is so */
export function seal(): void {
  // What every event target has in common stays: ports need it.
  for (
    let scope: object = globalThis;
    scope !== EventTarget.prototype;
    scope = Object.getPrototypeOf(scope)
  ) {
    for (const name of Reflect.ownKeys(scope)) {
      if (typeof name === "string" && !KEPT.has(name) && !Reflect.deleteProperty(scope, name)) empty(name);
    }
  }
  Object.defineProperty(globalThis, "navigator", { value: NAVIGATOR });
}

function empty(name: string): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  Reflect.set(scope, name, undefined);
  if (scope[name] instanceof Object) {
    throw new AlcoveError("unsupported", "Python cannot be kept apart in this browser.", { detail: name });
  }
}
