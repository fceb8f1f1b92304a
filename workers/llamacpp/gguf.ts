/**
 * Reads the head of a GGUF file (versions 2 and 3, little-endian; format: ggml's docs/gguf.md): its metadata
 * and its tensor table. Every count and offset is checked against the size of the file, because llama.cpp in
 * wasm answers a broken file with a crash or, worse, with silence.
 */
import { AlcoveError } from "../wire/errors.ts";
import { ARRAY, Cursor, invalid, type List, NeedMore, STRING } from "./gguf-cursor.ts";

/** How a ggml type stores values: `block` values take `bytes` bytes. */
interface TensorType {
  name: string;
  block: number;
  bytes: number;
}

export const TENSOR_TYPES: Readonly<Record<number, TensorType>> = {
  0: { name: "F32", block: 1, bytes: 4 },
  1: { name: "F16", block: 1, bytes: 2 },
  2: { name: "Q4_0", block: 32, bytes: 18 },
  3: { name: "Q4_1", block: 32, bytes: 20 },
  6: { name: "Q5_0", block: 32, bytes: 22 },
  7: { name: "Q5_1", block: 32, bytes: 24 },
  8: { name: "Q8_0", block: 32, bytes: 34 },
  10: { name: "Q2_K", block: 256, bytes: 84 },
  11: { name: "Q3_K", block: 256, bytes: 110 },
  12: { name: "Q4_K", block: 256, bytes: 144 },
  13: { name: "Q5_K", block: 256, bytes: 176 },
  14: { name: "Q6_K", block: 256, bytes: 210 },
  30: { name: "BF16", block: 1, bytes: 2 },
};

export interface Tensor {
  name: string;
  /** Row length first, as in the file. */
  shape: number[];
  type: number;
  /** Number of values. */
  count: number;
  /** Byte offset of the data from {@link Gguf.dataStart}. */
  offset: number;
  /** Byte length of the data; undefined for a type that is not in {@link TENSOR_TYPES}. */
  bytes: number | undefined;
}

/** A list is not kept, only described. */
type MetadataValue = string | number | bigint | boolean | List;

export interface Gguf {
  version: number;
  metadata: ReadonlyMap<string, MetadataValue>;
  tensors: Tensor[];
  alignment: number;
  /** Where the data begins in the file. */
  dataStart: number;
  /** Where the tensor table begins: everything before it is the fixed head and the metadata. */
  tableStart: number;
  /** Where the values of 32-bit numbers lie, by their keys. */
  u32At: ReadonlyMap<string, number>;
  /** The texts of the tokens that are no text, such as "<|im_end|>". */
  controls: readonly string[];
}

const MAX_TENSORS = 100_000;
const MAX_METADATA = 100_000;
/** Metadata of real models is a few MB (vocabulary and merges); more than this is no model of ours. */
const MAX_HEAD_BYTES = 256 << 20;
const FIRST_READ = 4 << 20;

function readTensor(cursor: Cursor): Tensor {
  const name = cursor.string();
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > 4) throw invalid("a tensor has an impossible shape", name);
  const shape: number[] = [];
  let count = 1;
  for (let i = 0; i < dimensions; i++) {
    const extent = cursor.size("the extent of a tensor", 2 ** 40);
    shape.push(extent);
    count *= extent;
  }
  if (count < 1 || count > Number.MAX_SAFE_INTEGER) throw invalid("a tensor has an impossible shape", name);
  const type = cursor.u32();
  const offset = cursor.size("the place of a tensor", Number.MAX_SAFE_INTEGER);
  const known = TENSOR_TYPES[type];
  if (known && (shape[0] as number) % known.block !== 0)
    throw invalid("a tensor has an impossible shape", name);
  return { name, shape, type, count, offset, bytes: known && (count / known.block) * known.bytes };
}

function parse(bytes: Uint8Array, size: number): Gguf {
  const cursor = new Cursor(bytes, size);
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, 4));
  cursor.take(4);
  if (magic !== "GGUF") {
    throw invalid(/^[\s<!]/.test(magic) ? "it is a text or a web page" : "it does not begin with GGUF");
  }
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw invalid("its GGUF version is not supported", `version ${version}`);
  const tensorCount = cursor.size("the number of tensors", MAX_TENSORS);
  const metadataCount = cursor.size("the number of metadata entries", MAX_METADATA);
  const metadata = new Map<string, MetadataValue>();
  const u32At = new Map<string, number>();
  const listAt = new Map<string, number>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.string();
    const type = cursor.u32();
    if (type === 4) u32At.set(key, cursor.at);
    if (type === ARRAY) listAt.set(key, cursor.at);
    metadata.set(key, type === ARRAY ? cursor.skipArray() : cursor.scalar(type));
  }
  const alignment = Number(metadata.get("general.alignment") ?? 32);
  if (!Number.isInteger(alignment) || alignment < 1 || alignment > 1 << 20) {
    throw invalid("its alignment is impossible");
  }
  const tableStart = cursor.at;
  const tensors: Tensor[] = [];
  for (let i = 0; i < tensorCount; i++) tensors.push(readTensor(cursor));
  const dataStart = Math.ceil(cursor.at / alignment) * alignment;
  const controls = controlTokens(cursor, listAt);
  return { version, metadata, tensors, alignment, dataStart, tableStart, u32At, controls };
}

/** Types of tokens that are read as such wherever their text stands: unknown, control. */
const CONTROL_TYPES = [2, 3];

/** @param listAt where the lists of the metadata begin */
function controlTokens(cursor: Cursor, listAt: ReadonlyMap<string, number>): string[] {
  const typesAt = listAt.get("tokenizer.ggml.token_type");
  const tokensAt = listAt.get("tokenizer.ggml.tokens");
  if (typesAt === undefined || tokensAt === undefined) return [];
  const [type, count] = cursor.list(typesAt);
  const are = Array.from({ length: count }, () => CONTROL_TYPES.includes(Number(cursor.scalar(type))));
  const [kind, length] = cursor.list(tokensAt);
  if (kind !== STRING) return [];
  const controls: string[] = [];
  for (let i = 0; i < length; i++) {
    if (are[i]) controls.push(cursor.string());
    else cursor.skipString();
  }
  return controls;
}

/**
 * Reads and checks the head of `file`, in pieces that grow until all of it is there.
 * @throws AlcoveError `model-invalid` with a plain reason.
 */
export async function readGguf(file: Blob): Promise<Gguf> {
  if (file.size < 24) throw invalid(file.size ? "it is too short" : "it is empty");
  for (let length = FIRST_READ; ; length *= 4) {
    const bytes = new Uint8Array(await file.slice(0, Math.min(length, file.size)).arrayBuffer());
    try {
      return parse(bytes, file.size);
    } catch (thrown) {
      if (!(thrown instanceof NeedMore)) throw thrown;
      if (length >= MAX_HEAD_BYTES) throw invalid("its header is unreasonably long");
    }
  }
}

/** `pooling_type` of a model that ranks. */
const RANKS = 4;

const poolingOf = ({ metadata }: Gguf): number =>
  Number(metadata.get(`${metadata.get("general.architecture")}.pooling_type`) ?? 0);

/** Whether a model was made to rank texts, by one number each. */
export const ranks = (gguf: Gguf): boolean => poolingOf(gguf) === RANKS;

/** What the engine has to know of a model before it loads it. */
export interface ModelFacts {
  architecture: string;
  name: string;
  /** Window the model was trained with; 0 if the file does not say. */
  context: number;
  /** Width of its embeddings: what a projector has to make. */
  width: number;
  hasChatTemplate: boolean;
  /** Whether the chat template renders tools. */
  knowsTools: boolean;
  /** Whether it says how a text's vectors become one: a model that was made for embeddings does. */
  pools: boolean;
  /** Bytes of the longest token: a text of n bytes is at least n / longestToken tokens. */
  longestToken: number;
}

/**
 * Checks that a file of `size` bytes ends where its last tensor does: what was appended is not of the model.
 * @throws AlcoveError `model-invalid`
 */
export function checkEnd({ tensors, dataStart, alignment }: Gguf, size: number): void {
  const ends = tensors.map(({ offset, bytes }) => dataStart + offset + (bytes ?? Number.POSITIVE_INFINITY));
  const end = Math.ceil(Math.max(dataStart, ...ends) / alignment) * alignment;
  if (size > end) throw invalid("it is longer than it says itself", `ends at ${end} of ${size}`);
}

/**
 * Checks that every tensor lies inside a file of `size` bytes.
 * @throws AlcoveError `model-invalid` with a plain reason
 */
export function checkWeights(gguf: Gguf, size: number): void {
  if (gguf.tensors.length === 0) throw invalid("it holds no weights");
  for (const tensor of gguf.tensors) {
    const end = gguf.dataStart + tensor.offset + (tensor.bytes ?? 1);
    if (end > size)
      throw invalid("it is cut short: some weights are missing", `${tensor.name} ends at ${end} of ${size}`);
    if (tensor.offset % gguf.alignment !== 0)
      throw invalid("a tensor lies at an impossible place", tensor.name);
  }
}

/** Which part a file of a split model is, counted from 1; undefined of a model in one file. */
export function splitOf({ metadata }: Gguf): { part: number; of: number } | undefined {
  const of = Number(metadata.get("split.count") ?? 0);
  return of > 1 ? { part: Number(metadata.get("split.no") ?? 0) + 1, of } : undefined;
}

/**
 * Checks that the parts of a split model are all there, in their order, and of one model.
 * @throws AlcoveError `model-invalid`
 */
function checkSplits(first: Gguf, others: readonly Gguf[]): void {
  const split = splitOf(first);
  if (!split && others.length === 0) return;
  const all = [first, ...others];
  if (!split || others.length === 0) {
    const { part, of } = splitOf(others[0] ?? first) ?? { part: 1, of: 1 };
    throw new AlcoveError("model-invalid", `This is part ${part} of ${of} of a model.`, {
      action: `Choose all ${of} parts together.`,
    });
  }
  const wrong = all.some((gguf, i) => {
    const { part, of } = splitOf(gguf) ?? {};
    return part !== i + 1 || of !== all.length;
  });
  const tensors = Number(first.metadata.get("split.tensors.count") ?? 0);
  if (!wrong && (tensors === 0 || tensors === all.reduce((sum, gguf) => sum + gguf.tensors.length, 0)))
    return;
  throw new AlcoveError("model-invalid", "These files are not the parts of one model.", {
    action: `Choose the ${split.of} parts of one model together.`,
  });
}

/**
 * Checks that `gguf` describes a whole model that can chat: every tensor inside its file, none missing that
 * every architecture has, a tokenizer and a chat template.
 * @param size bytes of the file
 * @param others the further parts of a split model, in their order
 * @throws AlcoveError `model-invalid` with a plain reason; `unsupported` for a file that is no language model.
 */
export function checkModel(
  gguf: Gguf,
  size: number,
  others: readonly { gguf: Gguf; size: number }[] = [],
): ModelFacts {
  checkSplits(
    gguf,
    others.map((other) => other.gguf),
  );
  const text = (key: string) => String(gguf.metadata.get(key) ?? "");
  const architecture = text("general.architecture");
  if (!architecture) throw invalid("it does not say which architecture it has");
  if (architecture === "clip") {
    throw new AlcoveError("unsupported", "This file is the vision half of a model, not a language model.", {
      action: "Choose the language model that belongs to it, and give it this file as its projector.",
    });
  }
  const parts = [{ gguf, size }, ...others];
  for (const part of parts)
    if (part.gguf.tensors.length > 0 || !splitOf(gguf)) checkWeights(part.gguf, part.size);
  if (!parts.some((part) => part.gguf.tensors.some(({ name }) => name === "token_embd.weight")))
    throw invalid("its token embedding is missing");
  const tokens = gguf.metadata.get("tokenizer.ggml.tokens");
  if (typeof tokens !== "object" || tokens.length === 0) throw invalid("it has no tokenizer");
  const template = text("tokenizer.chat_template");
  return {
    architecture,
    name: text("general.name"),
    context: Number(gguf.metadata.get(`${architecture}.context_length`) ?? 0),
    width: Number(gguf.metadata.get(`${architecture}.embedding_length`) ?? 0),
    hasChatTemplate: template.trim() !== "",
    knowsTools: /\btools\b/.test(template),
    pools: poolingOf(gguf) > 0 && !ranks(gguf),
    longestToken: Math.max(1, tokens.longest),
  };
}

/** Name of the type that most of the weights have, e.g. "Q4_1". */
export function mainType({ tensors }: Pick<Gguf, "tensors">): string {
  const values = new Map<number, number>();
  for (const { type, count } of tensors) values.set(type, (values.get(type) ?? 0) + count);
  const most = [...values].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  return TENSOR_TYPES[most]?.name ?? `type ${most}`;
}
