/**
 * The networks' outputs without the shapes that their package writes over them: empty ones, which say "a single number"
 * (models/ppocr/README.md). ONNX Runtime finds the true ones out by itself, and refuses these.
 */
import { field, fieldsOf, joined } from "../onnx/protobuf.ts";

/** Numbers of fields in onnx.proto3, from a model to the shape of an output. */
const GRAPH = 7;
const OUTPUT = 12;
const TYPE = 2;
const TENSOR = 1;
const SHAPE = 2;

/** @throws AlcoveError `model-invalid` for what is no whole ONNX file */
export const withoutShapes = (model: Uint8Array): Uint8Array<ArrayBuffer> =>
  without(model, [GRAPH, OUTPUT, TYPE, TENSOR], SHAPE);

/** The message without the fields of a number in every message at `path`. */
function without(message: Uint8Array, path: readonly number[], number: number): Uint8Array<ArrayBuffer> {
  const [next, ...rest] = path;
  const parts: Uint8Array[] = [];
  for (const found of fieldsOf(message)) {
    if (next === undefined && found.number === number) continue;
    parts.push(found.number === next ? field(next, without(found.content, rest, number)) : found.whole);
  }
  return joined(parts);
}
