import assert from "node:assert/strict";
import { test } from "node:test";
import { WavFile } from "../../../../web/sdk/voice/wav.ts";

test("sound becomes a WAV file, whose samples stay in their range", async () => {
  const file = new WavFile(22050);
  file.add(Float32Array.of(0, 1));
  file.add(Float32Array.of(-1, 2, 0.5));
  const wav = file.blob();
  assert.equal(file.seconds, 5 / 22050);
  const bytes = new DataView(await wav.arrayBuffer());
  const text = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((each) => bytes.getUint8(at + each)));
  assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
  assert.equal(bytes.getUint32(4, true), bytes.byteLength - 8);
  assert.deepEqual(
    [bytes.getUint16(22, true), bytes.getUint32(24, true), bytes.getUint16(34, true)],
    [1, 22050, 16],
  );
  assert.equal(bytes.getUint32(40, true), 10);
  const samples = [0, 1, 2, 3, 4].map((each) => bytes.getInt16(44 + each * 2, true));
  assert.deepEqual(samples, [0, 32767, -32767, 32767, 16384]);
});

test("no sound is a file without samples", () => assert.equal(new WavFile(8000).blob().size, 44));
