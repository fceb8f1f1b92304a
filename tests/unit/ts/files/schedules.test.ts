/**
 * 200 seeded schedules of a hub that misbehaves, against the code that downloads: each ends in one whole version of the
 * file or in a typed error, with nothing that looks whole and is not, and the next try goes on.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ModelFile } from "../../../../workers/engine/contract.ts";
import { DiskFileShelf } from "../../../../workers/files/disk-shelf.ts";
import { FirstHashes } from "../../../../workers/files/first-hashes.ts";
import { FileStore } from "../../../../workers/llamacpp/files.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { CHAT_METADATA, ggufBytes } from "../llamacpp/gguf_file.ts";
import { BadHub, FAULTS, type Fault, type HubFile } from "./bad_hub.ts";
import { diskFolder } from "./disk_folder.ts";

const SEEDS = 200;
const TOGETHER = 10;
/** A person tries again as often as this. */
const TRIES = 12;
const PATIENCE = { stallMs: 150, pausesMs: [1, 2], mostWaitMs: 1_000, mostWaits: 3 };
const TYPED = new Set(["download-failed", "integrity", "model-invalid"]);

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const signal = new AbortController().signal;

/** Two versions of one model: of the same length, with other weights. */
const versions = [7, 11].map((factor) => {
  const data = Uint8Array.from({ length: 200_000 }, (_, i) => (i * factor) & 255);
  return ggufBytes(CHAT_METADATA, [{ name: "token_embd.weight", shape: [50_000], type: 0, data }]);
});
const hashes = versions.map(sha256);

const hub = new BadHub();
let base = "";
let folder = "";

before(async () => {
  base = await hub.open();
  folder = mkdtempSync(join(tmpdir(), "alcove-"));
});
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What nobody can find in a first download whose hash nobody publishes. */
const UNSEEN: readonly Fault[] = ["corrupt"];

/** The faults that were met, of all schedules. */
const met: Fault[] = [];

async function run(seed: number): Promise<void> {
  const next = random(seed);
  const published = seed % 2 === 0;
  const known = FAULTS.filter((fault) => published || !UNSEEN.includes(fault));
  // After a cut there is something to go on with, which is where most can go wrong.
  const faults = Array.from({ length: 1 + Math.floor(next() * 4) }, () => {
    const fault = known[Math.floor(next() * known.length)] as Fault;
    return next() < 0.6 ? (["cut", fault] as const) : fault;
  }).flat();
  const conditions = next() < 0.5;
  const file: HubFile = { versions, version: 0, faults: [...faults], place: 0.1 + 0.8 * next(), conditions };
  const name = `seed-${seed}.gguf`;
  hub.files.set(name, file);
  const path = mkdtempSync(join(folder, "seed-"));
  const [bytes, said] = [(versions[0] as Uint8Array).length, faults.join(", ")];
  const model: ModelFile = { url: name, bytes, ...(published ? { sha256: hashes[0] as string } : {}) };
  const firstHashes = new FirstHashes(async () => undefined);

  let got: Blob | undefined;
  let last: AlcoveError | undefined;
  for (let attempt = 0; attempt < TRIES && !got; attempt++) {
    // Each try is another visit: nothing but the disk remembers.
    const shelf = new DiskFileShelf(diskFolder(path));
    const store = new FileStore(async () => shelf, { firstHashes, patience: PATIENCE });
    try {
      got = await store.get(model, base, () => undefined, signal);
    } catch (thrown) {
      assert.ok(thrown instanceof AlcoveError && TYPED.has(thrown.code), `${seed} (${said}): ${thrown}`);
      assert.ok(thrown.message && thrown.action);
      last = thrown;
      assert.deepEqual(await store.stored(), [], `${seed} (${said}): something looks whole`);
      const left = readdirSync(path).filter((entry) => !/\.(part|half)$/.test(entry));
      assert.deepEqual(left, [], `${seed} (${said}): an orphan`);
    }
  }
  met.push(...faults.slice(0, faults.length - file.faults.length));
  if (published && file.version > 0 && !got) {
    assert.equal(last?.code, "integrity", `${seed} (${said})`); // the hub holds another file for good
    return;
  }
  assert.ok(got, `${seed} (${said}): never came; ${last?.message} ${last?.detail}`);
  const hash = sha256(new Uint8Array(await got.arrayBuffer()));
  const right = published ? hashes.slice(0, 1) : hashes;
  assert.ok(right.includes(hash), `${seed} (${said}): not a version of the file`);
  assert.equal(readdirSync(path).length, 2, `${seed} (${said}): more than the file and its mark`);
}

test(`${SEEDS} schedules of a bad hub end well, or in words`, async () => {
  for (let seed = 0; seed < SEEDS; seed += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, i) => run(seed + i)));
  }
  for (const fault of FAULTS) assert.ok(met.filter((one) => one === fault).length > 3, fault);
});

test("each fault by itself", async () => {
  for (const [i, fault] of FAULTS.entries()) {
    for (const published of [0, 1]) {
      if (UNSEEN.includes(fault) && !published) continue;
      const file: HubFile = { versions, version: 0, faults: ["cut", fault], place: 0.5, conditions: false };
      const name = `fault-${i}-${published}.gguf`;
      hub.files.set(name, file);
      const shelf = new DiskFileShelf(diskFolder(mkdtempSync(join(folder, "fault-"))));
      const store = new FileStore(async () => shelf, {
        firstHashes: new FirstHashes(async () => undefined),
        patience: PATIENCE,
      });
      const bytes = (versions[0] as Uint8Array).length;
      const model = { url: name, bytes, ...(published ? { sha256: hashes[0] as string } : {}) };
      const get = () => store.get(model, base, () => undefined, signal);
      const whole = await get()
        .catch(get)
        .catch((thrown: AlcoveError) => thrown);
      if (whole instanceof Blob) {
        const hash = sha256(new Uint8Array(await whole.arrayBuffer()));
        assert.ok(hashes.includes(hash), `${fault}: a mixture`);
      } else assert.ok(TYPED.has(whole.code), `${fault}: ${whole}`);
    }
  }
});
