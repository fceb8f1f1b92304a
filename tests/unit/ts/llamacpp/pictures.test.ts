/** What becomes of a request's pictures before the model sees them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rgba } from "../../../../workers/engine/bitmap.ts";
import type { ContentPart, Pixels } from "../../../../workers/engine/contract.ts";
import { mapMessages } from "../../../../workers/engine/request.ts";
import { toLlamaRequest } from "../../../../workers/llamacpp/completion.ts";
import { bmp, place } from "../../../../workers/llamacpp/images.ts";
import { hasPictures, type Messages, pictureOf } from "../../../../workers/llamacpp/pictures.ts";

const refused = (error: unknown) => {
  const { code, action } = error as { code: string; action: string };
  return code === "bad-request" && action !== "";
};
const pixels = (fields: object): Pixels =>
  ({ data: new Uint8Array(12), width: 2, height: 2, ...fields }) as Pixels;

test("a picture is cut, padded or kept, and never enlarged", () => {
  assert.deepEqual(place(800, 600, { size: 256, fit: "crop" }), {
    from: { x: 100, y: 0, width: 600, height: 600 },
    to: { x: 0, y: 0, width: 256, height: 256 },
    width: 256,
    height: 256,
  });
  assert.deepEqual(place(800, 400, { size: 256, fit: "pad" }), {
    from: { x: 0, y: 0, width: 800, height: 400 },
    to: { x: 0, y: 64, width: 256, height: 128 },
    width: 256,
    height: 256,
  });
  const kept = place(400, 800, { size: 256, fit: "keep" });
  assert.deepEqual([kept.width, kept.height], [128, 256]);
  const small = place(20, 10, { size: 256, fit: "keep" });
  assert.deepEqual([small.width, small.height], [20, 10]);
  const line = place(8000, 1, { size: 256, fit: "keep" });
  assert.deepEqual([line.width, line.height], [256, 1]);
});

test("pixels become a BMP file with rows of whole words, blue first", () => {
  const file = new Uint8Array(
    bmp(rgba(pixels({ data: Uint8Array.from({ length: 12 }, (_, i) => i) })), 2, 2),
  );
  assert.equal(new TextDecoder().decode(file.subarray(0, 2)), "BM");
  const head = new DataView(file.buffer);
  assert.deepEqual([head.getInt32(18, true), head.getInt32(22, true)], [2, -2]);
  assert.equal(head.getUint32(2, true), file.length);
  assert.deepEqual([...file.subarray(54)], [2, 1, 0, 5, 4, 3, 0, 0, 8, 7, 6, 11, 10, 9, 0, 0]);
});

test("pixels with an alpha channel stay as they are", () => {
  const data = Uint8ClampedArray.from({ length: 16 }, (_, i) => i);
  assert.deepEqual(rgba(pixels({ data })), data);
});

test("pixels whose numbers do not agree are refused", () => {
  const wrong = [
    { data: new Uint8Array(11) },
    { data: new Uint8Array(4) },
    { data: new Uint8Array(8) },
    { width: 0 },
    { height: -1 },
    { width: Number.NaN },
    { width: 1.5 },
    { width: "2" },
    { width: undefined },
    { width: 1 << 20, height: 1 << 20 },
    { data: [1, 2, 3] },
    { data: new Float32Array(12) },
    { data: null },
  ];
  for (const fields of wrong) assert.throws(() => rgba(pixels(fields)), refused, JSON.stringify(fields));
});

test("a data URL is read, whatever its spelling", async () => {
  const read = async (url: string) => {
    const part = pictureOf({ type: "image_url", image_url: { url } }) as unknown as { image: Blob };
    return [part.image.type, [...new Uint8Array(await part.image.arrayBuffer())]];
  };
  assert.deepEqual(await read("data:image/png;base64,AQID"), ["image/png", [1, 2, 3]]);
  assert.deepEqual(await read("DATA:image/png; base64,AQ%3D%3D"), ["image/png", [1]]);
  assert.deepEqual(await read("data:,ab"), ["application/octet-stream", [97, 98]]);
});

test("what is no picture is refused, and nothing is fetched", () => {
  const wrong = [
    { type: "image_url", image_url: { url: "https://example.org/a.png" } },
    { type: "image_url", image_url: { url: "blob:https://example.org/1" } },
    { type: "image_url", image_url: { url: "data:image/png;base64" } },
    { type: "image_url", image_url: { url: "data:image/png;base64,####" } },
    { type: "image_url", image_url: { url: "data:image/png,%zz" } },
    { type: "image_url", image_url: "data:image/png;base64,AQID" },
    { type: "image_url" },
    { type: "image", image: null },
    { type: "image", image: "data:image/png;base64,AQID" },
    { type: "image", image: { width: 1, height: 1 } },
    { type: "input_audio", input_audio: {} },
    null,
  ];
  for (const part of wrong)
    assert.throws(() => pictureOf(part as ContentPart), refused, JSON.stringify(part));
});

test("pictures stand where the user put them; elsewhere they are refused", () => {
  const image = { type: "image" as const, image: pixels({}) };
  const { messages } = toLlamaRequest({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "a\ud800" }, image, { type: "text", text: "b" }] },
    ],
  }) as { messages: Messages };
  assert.deepEqual(messages[1]?.content, [
    { type: "text", text: "a\ufffd" },
    image,
    { type: "text", text: "b" },
  ]);
  assert.ok(hasPictures(messages));
  assert.ok(!hasPictures([{ role: "user", content: "a" }]));
  assert.throws(() => toLlamaRequest({ messages: [{ role: "system", content: [image] }] }), refused);
});

test("an engine without eyes refuses pictures", () => {
  const content = [{ type: "image_url", image_url: { url: "data:," } }];
  assert.throws(() => mapMessages([{ role: "user", content }]), { code: "unsupported" });
});
