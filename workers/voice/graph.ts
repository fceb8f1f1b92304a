/**
 * Cuts the graph of a Piper voice in two, so that sound can begin before a sentence is whole: what reads the text and
 * says what is to be heard in each frame, and what makes sound of frames. The second is made of convolutions only: a
 * stretch of frames sounds the same whether it is computed alone, with what stands beside it, or as part of the whole.
 */
import { field, fieldsOf, joined } from "../onnx/protobuf.ts";

/** Numbers of fields in onnx.proto3. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 };
const NODE = { input: 1, output: 2, name: 3 };
const INITIALIZER_NAME = 8;
const VALUE_NAME = 1;

/** Where the generator of sound begins, as PyTorch calls it in every voice. */
const FIRST = "/dec/conv_pre/Conv";

interface Node {
  name: string;
  inputs: string[];
  outputs: string[];
  whole: Uint8Array;
}

interface Cut {
  /** Text to frames. */
  reader: Uint8Array<ArrayBuffer>;
  /** Frames to sound. */
  speaker: Uint8Array<ArrayBuffer>;
  /** What the first calls its output and the second its input. */
  frames: string;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The first string with this number in a message. */
function named(message: Uint8Array, number: number): string {
  for (const found of fieldsOf(message)) if (found.number === number) return text(found.content);
  return "";
}

function nodeOf(whole: Uint8Array, content: Uint8Array): Node {
  const node: Node = { name: "", inputs: [], outputs: [], whole };
  for (const part of fieldsOf(content)) {
    if (part.number === NODE.input) node.inputs.push(text(part.content));
    else if (part.number === NODE.output) node.outputs.push(text(part.content));
    else if (part.number === NODE.name) node.name = text(part.content);
  }
  return node;
}

/**
 * Both halves of a voice; undefined for a graph that cannot be cut there, which still can be run as a whole.
 * @throws AlcoveError `model-invalid` for what is no whole ONNX file
 */
export function cutGraph(model: Uint8Array): Cut | undefined {
  const around = [...fieldsOf(model)];
  const graph = around.find(({ number }) => number === MODEL.graph)?.content;
  if (!graph) return undefined;
  const parts = [...fieldsOf(graph)];
  const of = (number: number) => parts.filter((part) => part.number === number);
  const nodes = of(GRAPH.node).map(({ whole, content }) => nodeOf(whole, content));
  const frames = nodes.find(({ name }) => name === FIRST)?.inputs[0];
  const output = of(GRAPH.output)[0];
  const described = of(GRAPH.valueInfo).find(({ content }) => named(content, VALUE_NAME) === frames);
  if (frames === undefined || !output || !described) return undefined;

  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  /** The nodes that `wanted` needs, in their order, and the names that these take from elsewhere. */
  const needed = (wanted: string, given: string) => {
    const kept = new Set<Node>();
    const names = new Set<string>();
    const open = [wanted];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (names.has(name)) continue;
      names.add(name);
      const maker = name === given ? undefined : makers.get(name);
      if (!maker || kept.has(maker)) continue;
      kept.add(maker);
      open.push(...maker.inputs);
    }
    return { nodes: nodes.filter((node) => kept.has(node)), names };
  };
  const half = (wanted: string, given: string, inputs: Uint8Array[], outputs: Uint8Array[]) => {
    const { nodes: kept, names } = needed(wanted, given);
    const weights = of(GRAPH.initializer).filter(({ content }) =>
      names.has(named(content, INITIALIZER_NAME)),
    );
    const asked = of(GRAPH.input).filter(({ content }) => names.has(named(content, VALUE_NAME)));
    const own = joined([
      ...kept.map(({ whole }) => whole),
      field(2, "graph"),
      ...weights.map(({ whole }) => whole),
      ...asked.map(({ whole }) => whole),
      ...inputs,
      ...outputs,
    ]);
    return joined(
      around.map(({ number, whole }) => (number === MODEL.graph ? field(MODEL.graph, own) : whole)),
    );
  };
  const value = described.content;
  return {
    frames,
    reader: half(frames, "", [], [field(GRAPH.output, value)]),
    speaker: half(named(output.content, VALUE_NAME), frames, [field(GRAPH.input, value)], [output.whole]),
  };
}
