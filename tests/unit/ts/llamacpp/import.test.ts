/** Files of the person's: split models, pairs, what is refused before anything is copied, and that nothing is left. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { LlamaCppModel } from "../../../../workers/engine/contract.ts";
import { DiskFileShelf } from "../../../../workers/files/disk-shelf.ts";
import { FirstHashes } from "../../../../workers/files/first-hashes.ts";
import { sweep } from "../../../../workers/files/sweep.ts";
import { FileStore } from "../../../../workers/llamacpp/files.ts";
import { diskFolder } from "../files/disk_folder.ts";
import { CHAT_METADATA, ggufBytes, type TestTensor } from "./gguf_file.ts";

const BASE = "http://127.0.0.1:9/";
const signal = new AbortController().signal;
const silent = () => undefined;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const tensor = (name: string, fill = 0, rows = 2): TestTensor => ({
  name,
  shape: [rows],
  type: 0,
  data: new Uint8Array(4 * rows).fill(fill),
});
const file = (
  name: string,
  metadata: Record<string, string | number | boolean | string[]>,
  ...tensors: TestTensor[]
) => new File([ggufBytes(metadata, tensors)], name);

const SPLIT = { "split.count": 3, "split.tensors.count": 3 };
const partName = (part: number) => `tiny-0000${part}-of-00003.gguf`;
/** A model in three parts, as gguf-split makes them: only the first says what it is. */
const parts = [
  file(partName(1), { ...CHAT_METADATA, ...SPLIT, "split.no": 0 }, tensor("output.weight")),
  file(partName(2), { ...SPLIT, "split.no": 1 }, tensor("token_embd.weight", 1)),
  file(partName(3), { ...SPLIT, "split.no": 2 }, tensor("blk.0.weight", 2)),
] as const;
const [one, two, three] = parts;

const model = (name = "tiny.gguf", fill = 0) => file(name, CHAT_METADATA, tensor("token_embd.weight", fill));
const projector = () =>
  file(
    "mmproj.gguf",
    { "general.architecture": "clip", "clip.has_vision_encoder": true, "clip.vision.projection_dim": 2 },
    tensor("mm.0.weight"),
  );

function fresh() {
  const path = mkdtempSync(join(tmpdir(), "alcove-"));
  const folder = diskFolder(path);
  const shelf = new DiskFileShelf(folder);
  const store = new FileStore(async () => shelf, { firstHashes: new FirstHashes(async () => undefined) });
  const take = async (files: File[], other?: File, stop = signal) =>
    (await store.import(files, other, silent, stop)) as LlamaCppModel;
  return { path, folder, store, take, left: () => readdirSync(path) };
}

test("a split model comes in any order, and its parts stay what they are", async () => {
  const { store, take, left } = fresh();
  const spec = await take([three, one, two]);
  assert.equal(spec.splits, 3);
  assert.deepEqual(
    spec.files.map(({ url }) => url),
    parts.map(({ name }) => `local:${name}`),
  );
  assert.deepEqual(await store.cached([spec], BASE), [spec.id]);
  const exported = await store.export(spec, BASE);
  for (const [i, { name, blob }] of exported.entries()) {
    assert.equal(name, partName(i + 1));
    assert.deepEqual(await blob.arrayBuffer(), await parts[i]?.arrayBuffer());
  }
  await store.remove(spec, BASE);
  assert.deepEqual(left(), []);
});

test("one part says so, missing ones are named, and nothing is copied", async () => {
  const { take, left } = fresh();
  const refused = (files: File[], message: RegExp, action = /parts/) =>
    assert.rejects(take(files), { code: "model-invalid", message, action });
  await refused([one], /^This is part 1 of 3/);
  await refused([two], /^This is part 2 of 3/);
  await refused([three, one], /^Part 2 of 3 is missing/, /tiny-00002-of-00003\.gguf/);
  await refused([one, two, two], /^Part 3 of 3 is missing/);
  await refused([one, two, three, three], /twice/);
  const foreign = file(partName(3), { ...SPLIT, "split.no": 2 }, tensor("a"), tensor("b"));
  await refused([one, two, foreign], /not the parts of one model/);
  await assert.rejects(take([model(), one]), { code: "bad-request" });
  await assert.rejects(take([]), { code: "bad-request" });
  assert.deepEqual(left(), []);
});

test("a projector is told among the files, or by itself", async () => {
  for (const [files, other] of [
    [[projector(), model()], undefined],
    [[model()], projector()],
  ] as [File[], File | undefined][]) {
    const { take } = fresh();
    const spec = await take(files, other);
    assert.deepEqual(spec.goodFor, ["general", "vision"]);
    assert.deepEqual(
      spec.files.map(({ url }) => url),
      ["local:tiny.gguf", "local:mmproj.gguf"],
    );
  }
  await assert.rejects(fresh().take([projector()]), { code: "unsupported" });
});

test("a model that pools is one for embeddings, whatever its template; one that ranks is refused", async () => {
  const metadata = { ...CHAT_METADATA, "general.architecture": "qwen3", "qwen3.context_length": 512 };
  const pooling = (type: number) =>
    file("e.gguf", { ...metadata, "qwen3.pooling_type": type }, tensor("token_embd.weight"));
  assert.deepEqual((await fresh().take([pooling(3)])).goodFor, ["embedding"]);
  await assert.rejects(fresh().take([pooling(4)]), { code: "unsupported" });
  const encoder = {
    ...CHAT_METADATA,
    "general.architecture": "nomic-bert",
    "nomic-bert.context_length": 512,
  };
  const spec = await fresh().take([file("b.gguf", encoder, tensor("token_embd.weight"))]);
  assert.deepEqual(spec.goodFor, ["embedding"]);
});

test("an import that is stopped or fails leaves nothing, and takes nothing away", async () => {
  const { store, take, left } = fresh();
  const kept = await take([model()]);
  const before = left();
  const stop = new AbortController();
  const stopping = store.import([model("b.gguf", 1)], projector(), () => stop.abort(), stop.signal);
  await assert.rejects(stopping, { code: "cancelled" });
  assert.deepEqual(left(), before);

  const broken = projector();
  const slice = broken.slice.bind(broken);
  let reads = 0;
  broken.slice = (...range) => {
    if (++reads > 1) throw new DOMException("changed", "NotReadableError");
    return slice(...range);
  };
  // The model itself is here already: it stays.
  await assert.rejects(take([model()], broken), { code: "model-invalid", action: /Choose it again/ });
  assert.deepEqual(left(), before);
  assert.deepEqual(await store.cached([kept], BASE), [kept.id]);
});

test("an import takes nothing from a model that was downloaded", async () => {
  const { path, store, take, left } = fresh();
  const stored = async (chosen: File) => {
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const mark = { name: chosen.name, bytes: bytes.length, sha256: sha256(bytes), model: "hub" };
    writeFileSync(join(path, `${mark.sha256}.gguf`), bytes);
    writeFileSync(join(path, `${mark.sha256}.json`), JSON.stringify(mark));
    return { ...mark, key: mark.sha256 };
  };
  const downloaded = [await stored(model()), await stored(projector())];
  const before = left();
  const spec = await take([model()], projector());
  assert.deepEqual(await store.imported(), [spec]);
  await store.remove(spec, BASE);
  assert.deepEqual(left(), before);
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  assert.deepEqual((await store.stored()).sort(byName), downloaded.sort(byName));
});

test("a file that two models need stays until the last of them goes", async () => {
  const { store, take, left } = fresh();
  const [a, b] = [
    await take([model("a.gguf", 1)], projector()),
    await take([model("b.gguf", 2)], projector()),
  ];
  await store.remove(a, BASE);
  assert.deepEqual(await store.cached([a, b], BASE), [b.id]);
  await store.remove(b, BASE);
  assert.deepEqual(left(), []);
});

test("what a crash leaves is swept, and an imported model is found by its files", async () => {
  const { path, folder, store, take, left } = fresh();
  const spec = await take([model()]);
  const kept = left();
  writeFileSync(join(path, "import-1.part"), "half of an import");
  writeFileSync(join(path, `${"a".repeat(64)}.gguf`), "whole, but nothing says so");
  writeFileSync(join(path, `${"b".repeat(64)}.half`), "{}");
  const lonely = sha256(new Uint8Array(await projector().arrayBuffer()));
  writeFileSync(join(path, `${lonely}.gguf`), "a projector");
  writeFileSync(join(path, `${lonely}.json`), JSON.stringify({ name: "p", bytes: 11, local: true }));
  writeFileSync(join(path, "url-1.part"), "half of a download");
  writeFileSync(join(path, "url-1.half"), JSON.stringify({ name: "m.gguf", model: "m" }));
  // It was whole, and the tab died before its mark was written.
  writeFileSync(join(path, "url-2.gguf"), "all of a download");
  writeFileSync(join(path, "url-2.half"), "{}");
  await sweep(folder);
  const halves = ["url-1.half", "url-1.part", "url-2.half", "url-2.part"];
  assert.deepEqual(left().sort(), [...kept, ...halves].sort());
  assert.deepEqual(await store.imported(), [spec]);
});

test("a file that changed on the disk is set aside, and told", async () => {
  const { path, store, take } = fresh();
  const spec = await take([model("m.gguf", 3)]);
  await store.verify(spec, BASE, silent, signal);
  const key = spec.files[0].sha256;
  const bytes = new Uint8Array(await model("m.gguf", 3).arrayBuffer());
  bytes[bytes.length - 30] = 99;
  writeFileSync(join(path, `${key}.gguf`), bytes);
  await assert.rejects(store.verify(spec, BASE, silent, signal), { code: "integrity" });
  assert.deepEqual(await store.cached([spec], BASE), []);
  const get = () => store.get(spec.files[0], BASE, silent, signal);
  await assert.rejects(get(), { code: "integrity", action: /import it again/ });
  await take([model("m.gguf", 3)]);
  assert.deepEqual(await store.cached([spec], BASE), [spec.id]);
  assert.equal((await get()).size, bytes.length);
});

const VOICE_SETTINGS = { language: { code: "en_GB" }, phoneme_id_map: { a: [1] } };
const graph = (name = "en_GB-own.onnx", first = 8) => new File([Uint8Array.of(first, 1, 2, 3)], name);
const settings = (content: unknown = VOICE_SETTINGS, name = "en_GB-own.onnx.json") =>
  new File([JSON.stringify(content)], name);

test("a voice is its graph and its settings, in any order", async () => {
  const { store, left } = fresh();
  const spec = await store.import([settings(), graph()], undefined, silent, signal);
  assert.deepEqual([spec.engine, spec.name, spec.goodFor], ["piper", "en_GB-own", ["voice"]]);
  assert.deepEqual(
    spec.files.map(({ url }) => url),
    ["local:en_GB-own.onnx", "local:en_GB-own.onnx.json"],
  );
  assert.deepEqual(await store.imported(), [spec]);
  await store.remove(spec as LlamaCppModel, BASE);
  assert.deepEqual(left(), []);
});

test("what is no voice, or half of one, is refused, and nothing of it is left", async () => {
  const { store, left } = fresh();
  const bad: [File[], string][] = [
    [[graph()], "bad-request"],
    [[settings()], "bad-request"],
    [[graph(), graph("b.onnx"), settings()], "bad-request"],
    [[graph(), settings(), model()], "bad-request"],
    [[graph("a.onnx", 60), settings()], "model-invalid"],
    [[graph(), settings(null)], "model-invalid"],
    [[graph(), new File(["{"], "a.json")], "model-invalid"],
    [[graph(), settings({ ...VOICE_SETTINGS, language: { code: "de_DE" } })], "unsupported"],
  ];
  for (const [files, code] of bad) {
    await assert.rejects(store.import(files, undefined, silent, signal), { code });
  }
  assert.deepEqual(left(), []);
});
