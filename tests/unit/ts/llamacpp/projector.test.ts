/** Whether a projector's file is one, is whole, and fits its model. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkModel, readGguf } from "../../../../workers/llamacpp/gguf.ts";
import { checkProjector, limitTiles } from "../../../../workers/llamacpp/projector.ts";
import { CHAT_METADATA, ggufBytes, type TestTensor } from "./gguf_file.ts";

const CLIP = {
  "general.architecture": "clip",
  "general.name": "Tiny eyes",
  "clip.has_vision_encoder": true,
  "clip.projector_type": "mlp",
  "clip.vision.image_size": 32,
  "clip.vision.patch_size": 16,
  "clip.vision.projection_dim": 4,
};
const vector = (name: string, size: number): TestTensor => ({
  name,
  shape: [size],
  type: 0,
  data: new Uint8Array(4 * size),
});
const TENSORS = [vector("v.patch_embd.bias", 8), vector("mm.2.bias", 4)];
const MODEL = ggufBytes({ ...CHAT_METADATA, "llama.embedding_length": 4 }, [vector("token_embd.weight", 4)]);

async function check(projector: Uint8Array<ArrayBuffer>, cut = projector.length) {
  const model = new Blob([MODEL]);
  const file = new Blob([projector.subarray(0, cut)]);
  return checkProjector(await readGguf(file), cut, checkModel(await readGguf(model), model.size));
}

const invalid = (reason: RegExp) => (error: unknown) => {
  const { code, message, action } = error as { code: string; message: string; action: string };
  assert.equal(code, "model-invalid");
  assert.match(message, reason);
  assert.ok(action);
  return true;
};

test("a projector that fits is described", async () => {
  const facts = await check(ggufBytes(CLIP, TENSORS));
  assert.deepEqual([facts.kind, facts.name], ["mlp", "Tiny eyes"]);
  assert.ok(facts.encodeLimitMs > 0);
});

test("a language model is no projector", async () => {
  await assert.rejects(check(MODEL), invalid(/no projector/));
});

test("a projector is no language model", async () => {
  const file = new Blob([ggufBytes(CLIP, TENSORS)]);
  const gguf = await readGguf(file);
  assert.throws(() => checkModel(gguf, file.size), { code: "unsupported" });
});

test("another model's projector is told", async () => {
  const foreign = { ...CLIP, "clip.vision.projection_dim": 6 };
  await assert.rejects(check(ggufBytes(foreign, [vector("mm.2.bias", 6)])), invalid(/another model/));
});

test("several layers at once fit, and so does an old file that tells another number", async () => {
  await check(ggufBytes({ ...CLIP, "clip.vision.projection_dim": 12 }, [vector("mm.2.bias", 12)]));
  await check(ggufBytes({ ...CLIP, "clip.vision.projection_dim": 7 }, TENSORS));
});

test("one that hears only, and one that is cut short", async () => {
  await assert.rejects(
    check(ggufBytes({ ...CLIP, "clip.has_vision_encoder": false }, TENSORS)),
    invalid(/does not see/),
  );
  const whole = ggufBytes(CLIP, TENSORS);
  await assert.rejects(check(whole, whole.length - 40), invalid(/cut short/));
});

test("tiles are limited in the file's own words, and never added", async () => {
  const tiled = { ...CLIP, "clip.vision.preproc_image_size": 128 };
  const file = new Blob([ggufBytes(tiled, TENSORS)]);
  const gguf = await readGguf(file);
  const side = async (wanted: number) => {
    const limited = limitTiles(file, gguf, wanted);
    assert.equal(limited.size, file.size);
    return (await readGguf(limited)).metadata.get("clip.vision.preproc_image_size");
  };
  assert.deepEqual([await side(20), await side(40), await side(500)], [32, 64, 128]);
  const plain = new Blob([ggufBytes(CLIP, TENSORS)]);
  assert.equal(limitTiles(plain, await readGguf(plain), 20), plain);
});
