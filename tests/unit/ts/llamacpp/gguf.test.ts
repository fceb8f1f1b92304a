import assert from "node:assert/strict";
import { test } from "node:test";
import { F32File, f32Size, isF32 } from "../../../../workers/llamacpp/f32file.ts";
import { checkModel, mainType, readGguf } from "../../../../workers/llamacpp/gguf.ts";
import { CHAT_METADATA, ggufBytes, type TestTensor } from "./gguf_file.ts";

const block = (seed: number) =>
  Uint8Array.from({ length: 20 }, (_, i) => (i === 1 || i === 3 ? 0x3c : (seed * 31 + i * 7) & 255));
const tensors: TestTensor[] = [
  { name: "token_embd.weight", shape: [32, 2], type: 3, data: Uint8Array.from([...block(1), ...block(2)]) },
  {
    name: "output_norm.weight",
    shape: [3],
    type: 0,
    data: new Uint8Array(new Float32Array([1, 2, 3]).buffer),
  },
];
const whole = () => ggufBytes(CHAT_METADATA, tensors);
const read = async (bytes: Uint8Array<ArrayBuffer>) => {
  const file = new Blob([bytes]);
  return checkModel(await readGguf(file), file.size);
};
const invalid = (reason: RegExp) => (error: unknown) => {
  const { code, message } = error as { code: string; message: string };
  assert.equal(code, "model-invalid");
  assert.match(message, reason);
  return true;
};

test("a whole file is described", async () => {
  const gguf = await readGguf(new Blob([whole()]));
  assert.equal(mainType(gguf), "Q4_1");
  assert.deepEqual(await read(whole()), {
    architecture: "llama",
    name: "Tiny",
    context: 512,
    width: 2,
    hasChatTemplate: true,
    knowsTools: false,
    longestToken: 5,
    pools: false,
  });
});

test("the control tokens of a model are known by their texts", async () => {
  const tokens = { "tokenizer.ggml.tokens": ["<unk>", "a", "<|im_end|>", "<think>", "bc"] };
  const types = { "tokenizer.ggml.token_type": Int32Array.from([2, 1, 3, 4, 1]) };
  const controls = async (metadata: Parameters<typeof ggufBytes>[0]) =>
    (await readGguf(new Blob([ggufBytes(metadata, tensors)]))).controls;
  assert.deepEqual(await controls({ ...CHAT_METADATA, ...types, ...tokens }), ["<unk>", "<|im_end|>"]);
  assert.deepEqual(await controls({ ...CHAT_METADATA, ...tokens }), []);
});

test("broken files say what is wrong", async () => {
  const bad = (bytes: Uint8Array<ArrayBuffer>, reason: RegExp) =>
    assert.rejects(read(bytes), invalid(reason));
  const patched = (at: number, ...values: number[]) => {
    const bytes = whole();
    bytes.set(values, at);
    return bytes;
  };
  await bad(new Uint8Array(0), /empty/);
  await bad(new Uint8Array(10), /too short/);
  await bad(new Uint8Array(5000), /does not begin with GGUF/);
  await bad(new TextEncoder().encode("<!doctype html><title>Sign in to the network</title>"), /web page/);
  await bad(patched(4, 99), /version/);
  await bad(patched(8, 255, 255, 255, 255, 255, 255, 255, 255), /number of tensors is out of bounds/);
  await bad(
    patched(16, 255, 255, 255, 255, 255, 255, 255, 255),
    /number of metadata entries is out of bounds/,
  );
  await bad(patched(24, 255, 255, 255, 255), /truncated|out of bounds/);
  await bad(whole().slice(0, 120), /truncated/);
  await bad(whole().slice(0, -32), /cut short/);
  await bad(ggufBytes(CHAT_METADATA, []), /no weights/);
  await bad(ggufBytes(CHAT_METADATA, tensors.slice(1)), /token embedding/);
  const { "tokenizer.ggml.tokens": _, ...noTokenizer } = CHAT_METADATA;
  await bad(ggufBytes(noTokenizer, tensors), /tokenizer/);
  await bad(ggufBytes({}, tensors), /architecture/);
});

test("every truncation is refused, none crashes", async () => {
  const bytes = whole();
  for (let length = 0; length < bytes.length - 32; length += 7) {
    await assert.rejects(read(bytes.slice(0, length)), invalid(/./));
  }
});

test("the vision half is unsupported", async () => {
  await assert.rejects(read(ggufBytes({ ...CHAT_METADATA, "general.architecture": "clip" }, tensors)), {
    code: "unsupported",
  });
});

test("the F32 view is a valid file with the same values, whatever ranges are read", async () => {
  const source = new Blob([whole()]);
  const gguf = await readGguf(source);
  const view = await F32File.of(source, gguf);
  const bytes = new Uint8Array(await view.slice().arrayBuffer());
  assert.equal(bytes.length, view.size);
  assert.ok((f32Size(gguf) ?? 0) >= 4 * 67);
  const again = await readGguf(new Blob([bytes]));
  assert.ok(isF32(again));
  assert.equal(again.metadata.get("general.file_type"), 0);
  checkModel(again, bytes.length);
  const embedding = again.tensors[0];
  assert.ok(embedding);
  const values = new Float32Array(bytes.buffer, again.dataStart + embedding.offset, 64);
  const data = tensors[0]?.data as Uint8Array;
  for (let i = 0; i < 64; i++) {
    const at = Math.floor(i / 32) * 20;
    const byte = data[at + 4 + (i % 16)] as number;
    const d = 1 + (data[at] as number) / 1024;
    const m = 1 + (data[at + 2] as number) / 1024;
    assert.equal(values[i], Math.fround(d * (i % 32 < 16 ? byte & 15 : byte >> 4) + m));
  }
  for (let start = 0; start < bytes.length; start += 37) {
    for (const length of [1, 3, 64, 129]) {
      const part = new Uint8Array(await view.slice(start, start + length).arrayBuffer());
      assert.deepEqual(part, bytes.slice(start, start + length));
    }
  }
});
