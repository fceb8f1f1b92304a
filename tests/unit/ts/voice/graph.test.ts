import assert from "node:assert/strict";
import { test } from "node:test";
import { field, fieldsOf, joined } from "../../../../workers/onnx/protobuf.ts";
import { cutGraph } from "../../../../workers/voice/graph.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const node = (name: string, inputs: string[], outputs: string[]) =>
  field(
    1,
    joined([
      ...inputs.map((each) => field(1, each)),
      ...outputs.map((each) => field(2, each)),
      field(3, name),
    ]),
  );
const value = (number: number, name: string) => field(number, field(1, name));
const weight = (name: string) => field(5, field(8, name));

/** text, style → frames; frames, style → sound */
const GRAPH = joined([
  node("/enc", ["text", "w1"], ["/enc_out"]),
  node("/style", ["style"], ["/style_out"]),
  node("/mul", ["/enc_out", "/style_out"], ["/z"]),
  node("/dec/conv_pre/Conv", ["/z", "w2"], ["/d"]),
  node("/dec/cond", ["/d", "/style_out"], ["sound"]),
  field(2, "main"),
  weight("w1"),
  weight("w2"),
  value(11, "text"),
  value(11, "style"),
  value(12, "sound"),
  value(13, "/z"),
]);
const MODEL = joined([field(2, "a maker"), field(7, GRAPH)]);

/** Names of nodes, weights, inputs and outputs of a model. */
function read(model: Uint8Array) {
  const graph = [...fieldsOf(model)].find(({ number }) => number === 7)?.content as Uint8Array;
  const of = (number: number, name: number) =>
    [...fieldsOf(graph)]
      .filter((each) => each.number === number)
      .map(({ content }) =>
        text([...fieldsOf(content)].find((each) => each.number === name)?.content as Uint8Array),
      );
  return { nodes: of(1, 3), weights: of(5, 8), inputs: of(11, 1), outputs: of(12, 1) };
}

test("a voice is cut in what reads and what speaks, each with what it needs", () => {
  const cut = cutGraph(MODEL);
  assert.equal(cut?.frames, "/z");
  assert.deepEqual(read(cut?.reader as Uint8Array), {
    nodes: ["/enc", "/style", "/mul"],
    weights: ["w1"],
    inputs: ["text", "style"],
    outputs: ["/z"],
  });
  assert.deepEqual(read(cut?.speaker as Uint8Array), {
    nodes: ["/style", "/dec/conv_pre/Conv", "/dec/cond"],
    weights: ["w2"],
    inputs: ["style", "/z"],
    outputs: ["sound"],
  });
  assert.equal(text([...fieldsOf(cut?.reader as Uint8Array)][0]?.content as Uint8Array), "a maker");
});

test("a graph without a generator of sound is not cut", () => {
  const other = joined([node("/a", ["x"], ["y"]), value(11, "x"), value(12, "y")]);
  assert.equal(cutGraph(field(7, other)), undefined);
  assert.equal(cutGraph(new Uint8Array()), undefined);
});

test("a file that is cut off is refused", () => {
  for (const end of [1, 5, MODEL.length - 1]) {
    assert.throws(() => cutGraph(MODEL.subarray(0, MODEL.length - end)), { code: "model-invalid" });
  }
  assert.throws(() => cutGraph(new TextEncoder().encode("<!doctype html><html></html>")), {
    code: "model-invalid",
  });
});
