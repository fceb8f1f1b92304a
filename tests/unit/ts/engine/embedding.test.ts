/** Embeddings: the request and the reply, special tokens, batches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { EmbeddingRequest, WebLlmModel } from "../../../../workers/engine/contract.ts";
import { embeddingsOf, makesEmbeddings, textsOf } from "../../../../workers/engine/embedding.ts";
import { batches, framed, frameOf, plain } from "../../../../workers/webllm/embed-tokens.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const refused = (request: unknown, message: RegExp) =>
  assert.throws(
    () => textsOf(request as EmbeddingRequest),
    (error) => error instanceof AlcoveError && error.code === "bad-request" && message.test(error.message),
  );

test("one text or many are taken, cleaned of what is no character", () => {
  assert.deepEqual(textsOf({ input: "a" }), ["a"]);
  assert.deepEqual(textsOf({ input: ["a", "b\0\ud800"], encoding_format: "float" }), ["a", "b\ufffd"]);
  assert.equal(textsOf({ input: Array(2048).fill("a") }).length, 2048);
});

test("what cannot be embedded is refused, and which text it is", () => {
  refused(null, /not an object/);
  refused({}, /The input is no text/);
  refused({ input: [] }, /no text/);
  refused({ input: "" }, /The input is empty/);
  refused({ input: ["a", "\n "] }, /Text 2 is empty/);
  refused({ input: [["a"]] }, /Text 1 is no text/);
  refused({ input: Array(2049).fill("a") }, /2,049 texts; at most 2,048/);
  refused({ input: "a", dimensions: 64 }, /"dimensions"/);
  refused({ input: "a", encoding_format: "base64" }, /base64/);
});

test("the reply is OpenAI's", () => {
  assert.deepEqual(embeddingsOf("m", [[1], [2]], 7), {
    object: "list",
    model: "m",
    data: [
      { object: "embedding", index: 0, embedding: [1] },
      { object: "embedding", index: 1, embedding: [2] },
    ],
    usage: { prompt_tokens: 7, total_tokens: 7 },
  });
});

test("a model says by its record whether it makes embeddings", () => {
  const model = { engine: "webllm", record: { model_type: 1 } } as unknown as WebLlmModel;
  assert.equal(makesEmbeddings(model), true);
  assert.equal(makesEmbeddings({ ...model, record: { model_type: 2 } }), false);
  const { record, ...chat } = model;
  assert.equal(makesEmbeddings(chat as WebLlmModel), false);
});

test("the special tokens round a text are those of tokenizer.json", () => {
  const frame = (post_processor: unknown) => frameOf(JSON.stringify({ post_processor }));
  const special = { "[CLS]": { ids: [101] }, "[SEP]": { ids: [102] } };
  const template = {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[CLS]" } }, { Sequence: { id: "A" } }, { SpecialToken: { id: "[SEP]" } }],
    special_tokens: special,
  };
  const bert = { before: [101], after: [102] };
  assert.deepEqual(frame(template), bert);
  assert.deepEqual(frame({ type: "BertProcessing", cls: ["[CLS]", 101], sep: ["[SEP]", 102] }), bert);
  assert.deepEqual(frame({ type: "Sequence", processors: [{ type: "ByteLevel" }, template] }), bert);
  const end = { single: [{ Sequence: {} }, { SpecialToken: { id: "[SEP]" } }], special_tokens: special };
  assert.deepEqual(frame(end), { before: [], after: [102] });
  for (const none of [null, undefined, { type: "ByteLevel" }]) {
    assert.deepEqual(frame(none), { before: [], after: [] });
  }
});

test("a text gets each special token once", () => {
  const bert = { before: [101], after: [102] };
  assert.deepEqual(framed([5, 6], bert), [101, 5, 6, 102]);
  assert.deepEqual(framed([101, 5, 102], bert), [101, 5, 102]);
  assert.deepEqual(framed([], bert), [101, 102]);
  assert.deepEqual(framed([5], { before: [], after: [] }), [5]);
});

test("nothing cuts, pads or frames a text but we", () => {
  const given = {
    truncation: { max_length: 8 },
    padding: {},
    post_processor: {},
    model: { vocab: { a: 0 } },
  };
  assert.deepEqual(JSON.parse(plain(JSON.stringify(given))), {
    truncation: null,
    padding: null,
    post_processor: null,
    model: { vocab: { a: 0 } },
  });
});

test("every text is in one batch, with those of its length", () => {
  const lengths = [9, 1, 8, 2, 7];
  assert.deepEqual(batches(lengths, 2), [[1, 3], [4, 2], [0]]);
  assert.deepEqual(batches(lengths, 8), [[1, 3, 4, 2, 0]]);
  assert.deepEqual(batches([], 4), []);
});
