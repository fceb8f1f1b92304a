import assert from "node:assert/strict";
import { test } from "node:test";
import { listen } from "../../../../web/sdk/voice/audio.ts";
import { openWav } from "../../../../web/sdk/voice/wav-reader.ts";

interface Form {
  kind?: number;
  bits?: number;
  channels?: number;
  rate?: number;
  /** What the file says of its length, where that is not so. */
  says?: number;
  /** A chunk before the samples. */
  before?: number;
}

/** A WAV file whose channels hold `values` times 1, 2, 3, … */
function wav(
  values: number[],
  { kind = 1, bits = 16, channels = 1, rate = 16_000, says, before = 0 }: Form = {},
): Blob {
  const bytes = bits / 8;
  const samples = new DataView(new ArrayBuffer(values.length * channels * bytes));
  values.forEach((value, i) => {
    for (let channel = 0; channel < channels; channel++) {
      const at = (i * channels + channel) * bytes;
      const sample = value * (channel + 1);
      if (kind === 3) samples.setFloat32(at, sample, true);
      else if (bits === 8) samples.setUint8(at, Math.round(sample * 128) + 128);
      else if (bits === 16) samples.setInt16(at, Math.round(sample * 2 ** 15), true);
      else if (bits === 24) {
        const whole = Math.round(sample * 2 ** 23);
        samples.setUint8(at, whole & 255);
        samples.setInt16(at + 1, whole >> 8, true);
      } else samples.setInt32(at, Math.round(sample * 2 ** 31), true);
    }
  });
  const chunk = (name: string, content: ArrayBuffer, size = content.byteLength): BlobPart[] => [
    name,
    new Uint32Array([size]).buffer,
    content,
    new Uint8Array(content.byteLength % 2),
  ];
  const form = new DataView(new ArrayBuffer(16));
  form.setUint16(0, kind, true);
  form.setUint16(2, channels, true);
  form.setUint32(4, rate, true);
  form.setUint16(14, bits, true);
  return new Blob([
    "RIFF",
    new Uint32Array([0]).buffer,
    "WAVE",
    ...(before ? chunk("LIST", new ArrayBuffer(before)) : []),
    ...chunk("fmt ", form.buffer),
    ...chunk("data", samples.buffer, says ?? samples.byteLength),
  ]);
}

const VALUES = [0, 0.25, -0.25, 0.125];

for (const form of [
  { bits: 8 },
  { bits: 16 },
  { bits: 24 },
  { bits: 32 },
  { kind: 3, bits: 32 },
  { before: 33 },
]) {
  test(`samples of ${JSON.stringify(form)} are what was written`, async () => {
    const opened = await openWav(wav(VALUES, form));
    assert.ok(opened);
    assert.deepEqual([opened.length, opened.sampleRate], [4, 16_000]);
    assert.deepEqual([...(await opened.read(0, 4))], VALUES);
    assert.deepEqual([...(await opened.read(1, 3))], VALUES.slice(1, 3));
  });
}

test("channels become one, 32 of them too", async () => {
  const two = await openWav(wav(VALUES, { channels: 2, kind: 3, bits: 32 }));
  assert.deepEqual(
    [...((await two?.read(0, 4)) ?? [])],
    VALUES.map((value) => value * 1.5),
  );
  const many = await openWav(wav([0.5], { channels: 32, kind: 3, bits: 32 }));
  assert.deepEqual([...((await many?.read(0, 1)) ?? [])], [0.5 * 16.5]);
});

test("a length that the recorder never knew is that of the file", async () => {
  assert.equal((await openWav(wav(VALUES, { says: 0xffffffff })))?.length, 4);
});

test("other files, and forms that the browser may know, are left to it", async () => {
  for (const file of [
    new Blob([]),
    new Blob(["RIFF"]),
    new Blob(["no audio at all, but long enough to be some"]),
  ]) {
    assert.equal(await openWav(file), undefined);
  }
  assert.equal(await openWav(wav(VALUES, { kind: 2, bits: 8 })), undefined);
});

test("hours of sound are read piece by piece", async () => {
  const seconds = 4 * 3600;
  const whole = wav([]);
  const head = await whole.arrayBuffer();
  new DataView(head).setUint32(head.byteLength - 4, seconds * 32_000, true);
  let read = 0;
  // A file of hours, of which only what is read exists.
  const file = {
    size: head.byteLength + seconds * 32_000,
    slice: (start: number, end: number) => {
      read = Math.max(read, end - start);
      const part = start < head.byteLength ? head.slice(start, end) : new ArrayBuffer(end - start);
      return { arrayBuffer: async () => part };
    },
  };
  Object.setPrototypeOf(file, Blob.prototype);
  const listened = await listen(file as unknown as Blob);
  assert.equal(listened.seconds, seconds);
  const first = await listened.pieces[Symbol.asyncIterator]().next();
  assert.equal(first.value.length, 160_000);
  assert.ok(read <= 1 << 20);
});
