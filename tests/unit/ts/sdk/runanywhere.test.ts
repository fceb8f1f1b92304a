/** RunAnywhere's names, as far as they need no engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asSdk, SDKError, SDKErrorCode, sdkError } from "../../../../web/sdk/runanywhere/errors.ts";
import { EventBus, SDKEventType } from "../../../../web/sdk/runanywhere/events.ts";
import { firstJson } from "../../../../web/sdk/runanywhere/json/json-in-text.ts";
import { problem } from "../../../../web/sdk/runanywhere/json/schema-check.ts";
import { LogLevel, SDKLogger } from "../../../../web/sdk/runanywhere/logger.ts";
import { Generation, type LLMGenerationResult } from "../../../../web/sdk/runanywhere/text/generation.ts";
import { parted } from "../../../../web/sdk/runanywhere/text/thinking.ts";
import {
  fromToolValue,
  getNumberArg,
  getStringArg,
  plain,
  toolValues,
  toToolValue,
} from "../../../../web/sdk/runanywhere/tools/tool-values.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const RESULT = { text: "ab" } as LLMGenerationResult;

test("an error has RunAnywhere's number, and ours as its cause", async () => {
  const ours = new AlcoveError("quota", "Full.", { action: "Remove one.", detail: "x" });
  const error = sdkError(ours);
  assert.ok(error instanceof SDKError && error instanceof Error);
  assert.deepEqual(
    [error.code, error.message, error.details, error.action, error.cause],
    [SDKErrorCode.InsufficientStorage, "Full.", "x", "Remove one.", ours],
  );
  assert.equal(sdkError(error), error);
  assert.equal(sdkError(new TypeError("odd")).code, SDKErrorCode.BackendError);
  const moving = asSdk(Promise.reject(new AlcoveError("cancelled", "Stopped.")), {
    cancelled: SDKErrorCode.DownloadCancelled,
  });
  await assert.rejects(moving, { code: -161 });
  assert.equal(SDKError.fromRACResult(-134).code, SDKErrorCode.ContextLengthExceeded);
  assert.equal(SDKError.fromRACResult(-9999).code, SDKErrorCode.BackendError);
});

test("an event is read from its data and from itself; a listener that throws stops nobody", () => {
  const said: unknown[] = [];
  const { error } = console;
  console.error = (line) => said.push(line);
  try {
    EventBus.reset();
    const seen: unknown[] = [];
    EventBus.shared.on("model.downloadProgress", () => {
      throw new Error("mine");
    });
    const end = EventBus.shared.on("model.downloadProgress", (event) =>
      seen.push(event.data.progress, event.progress, event.type, event.category),
    );
    EventBus.shared.onAny(({ data }) => seen.push(data.progress));
    EventBus.shared.once("model.downloadProgress", () => seen.push("once"));
    const facts = { modelId: "m", progress: 0.5, bytesDownloaded: 1, totalBytes: 2, stage: "downloading" };
    EventBus.shared.emit("model.downloadProgress", SDKEventType.Model, facts);
    end();
    EventBus.shared.emit("model.downloadProgress", SDKEventType.Model, { ...facts, progress: 1 });
    assert.deepEqual(seen, [0.5, 0.5, "model.downloadProgress", "model", "once", 0.5, 1]);
    assert.equal(said.length, 2);
    EventBus.shared.removeAll();
    EventBus.shared.emit("model.downloadProgress", SDKEventType.Model, facts);
    assert.equal(seen.length, 7);
  } finally {
    console.error = error;
  }
});

test("the log says what is of its level, and nothing when it is switched off", () => {
  const { warn, info } = console;
  const said: string[] = [];
  console.warn = console.info = (line: string) => said.push(line);
  const level = SDKLogger.level;
  try {
    const logger = new SDKLogger("Part");
    logger.info("unheard");
    SDKLogger.level = LogLevel.Info;
    logger.info("heard");
    SDKLogger.enabled = false;
    logger.warning("unheard");
    assert.deepEqual(said, ["[RunAnywhere:Part] heard"]);
  } finally {
    Object.assign(console, { warn, info });
    SDKLogger.level = level;
    SDKLogger.enabled = true;
  }
});

test("a generation is iterated, or awaited; leaving it stops it, and what it fails with is told in both ways", async () => {
  const stopped: boolean[] = [];
  const running = () =>
    new Generation(async (push, stop) => {
      push("a");
      push("b");
      await new Promise((resolve) => setTimeout(resolve, 1));
      stopped.push(stop.aborted);
      return RESULT;
    });
  const pieces: string[] = [];
  for await (const piece of running()) pieces.push(piece);
  assert.deepEqual(pieces, ["a", "b"]);
  const awaited = await running();
  for await (const piece of awaited.stream) pieces.push(piece);
  assert.equal(await awaited.result, RESULT);
  assert.equal(pieces.length, 4);
  const left = running();
  for await (const _ of left) break;
  await left.result;
  assert.deepEqual(stopped, [false, false, true]);
  const failing = new Generation(() => Promise.reject(new SDKError(SDKErrorCode.ModelNotLoaded, "None.")));
  await assert.rejects(failing.result, { code: -113 });
  await assert.rejects(
    async () => {
      for await (const _ of failing) assert.fail();
    },
    { code: -113 },
  );
});

test("JSON is found among words, whole and nothing else", () => {
  const found: [string, string | null][] = [
    ['Sure: {"a": [1, "}"]} and more', '{"a": [1, "}"]}'],
    ["{not json} [1, 2]", "[1, 2]"],
    ['{"a": ', null],
    ["[ {}", "{}"],
    ['"{" [3]', "[3]"],
    ["no", null],
    ["", null],
    ["[".repeat(100_000), null],
  ];
  for (const [text, json] of found) assert.equal(firstJson(text), json, text.slice(0, 30));
});

test("what is wrong under a schema is said; a schema that cannot be read is refused", () => {
  const schema = { type: "object", required: ["n"], properties: { n: { type: "integer", minimum: 0 } } };
  assert.equal(problem({ n: 1 }, schema), undefined);
  assert.match(problem({ n: -1 }, schema) ?? "", /#\/n.*-1/);
  assert.match(problem({}, schema) ?? "", /n/);
  assert.throws(() => problem(1, { $ref: "#/nowhere" }), { code: SDKErrorCode.InvalidParameter });
});

test("thinking is told from the answer, with its tokens", () => {
  const pieces = (...texts: string[]) => texts.map((text) => ({ text, tokens: 1 }));
  assert.deepEqual(parted(pieces("Plain ", "text")), { text: "Plain text", thinkingTokens: 0 });
  assert.deepEqual(parted(pieces("<think>", "hm", "</think>", "\n\nYes")), {
    text: "Yes",
    thinkingContent: "hm",
    thinkingTokens: 2,
  });
  assert.deepEqual(parted(pieces("hm", "</think>", "Yes")), {
    text: "Yes",
    thinkingContent: "hm",
    thinkingTokens: 1,
  });
  assert.deepEqual(parted(pieces("<think>", "cut")), { text: "", thinkingContent: "cut", thinkingTokens: 2 });
});

test("tagged values and plain ones are the same in both directions", () => {
  const values = { text: "a", n: 1.5, yes: true, list: [1, "b", null], inner: { x: null } };
  const tagged = toolValues(values);
  assert.deepEqual(plain(tagged), values);
  assert.deepEqual(fromToolValue(toToolValue(values)), values);
  assert.deepEqual(plain({ temperature: "72F", tagged: { type: "number", value: 2 } }), {
    temperature: "72F",
    tagged: 2,
  });
  assert.equal(getStringArg(tagged, "text"), "a");
  assert.equal(getStringArg(tagged, "n"), undefined);
  assert.equal(getNumberArg(tagged, "n"), 1.5);
});
