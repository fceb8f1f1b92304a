/**
 * The thread that computes: a second worker of the same script, which runs the program of engines/speech. It hears
 * nothing while it computes, so that a run is stopped by a number in its memory, where that is shared.
 */
import { AlcoveError } from "../wire/errors.ts";
import { closeGate } from "../wire/gate.ts";
import { serve } from "../wire/rpc.ts";
import { failureOf } from "./failures.ts";
import {
  FRAME,
  type HearArgs,
  type Heard,
  type ProgramProtocol,
  SAMPLE_RATE,
  type StartArgs,
} from "./protocol.ts";

/** Name of a worker that only computes. */
export const COMPUTING = "alcove-speech";

/** Emscripten's module, as far as it is used (engines/speech/CMakeLists.txt names what it exports). */
interface Module {
  HEAPF32: Float32Array;
  HEAP32: Int32Array;
  FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  UTF8ToString(at: number): string;
  stringToNewUTF8(text: string): number;
  _free(at: number): void;
  _speech_load(path: number, threads: number): number;
  _speech_buffer(count: number): number;
  _speech_run(language: number, translate: number): number;
  _speech_result(): number;
  _speech_activity(): number;
  _speech_activities(): number;
  _speech_stop(): number;
  _speech_self_test(): number;
}

/** Less than half a second is heard with silence behind it. */
const SHORTEST = SAMPLE_RATE / 2;
/** The model would have written on, or the same words again and again: what was heard before that counts. */
const ENOUGH = new Set([18, 19]);

type Factory = (options: Record<string, unknown>) => Promise<Module>;

let module: Module | undefined;
/** What the program said last: why it fails. */
let said = "";

/** Whether this worker was started to compute. If so, it answers, and should do nothing else. */
export function isComputing(): boolean {
  if ((globalThis as { name?: string }).name !== COMPUTING) return false;
  closeGate();
  serve<ProgramProtocol>(self, {
    start: (args, { emit }) => start(args, emit),
    hear: (args) => hear(args),
    activity: ({ samples }) => activity(samples),
  });
  return true;
}

async function start(
  { script, wasm, threads, files }: StartArgs,
  alive: (bytes: number) => void,
): Promise<{ stop: SharedArrayBuffer; at: number } | "alone" | null> {
  const { default: make } = (await import(script)) as { default: Factory };
  const printErr = (line: string) => {
    said = line;
  };
  const made = await make({ threads: threads - 1, locateFile: () => wasm, print: printErr, printErr });
  alive(0);
  if (made._speech_self_test() !== 0) return null;
  let read = 0;
  for (const file of files) {
    made.FS.writeFile("/model", new Uint8Array(await file.arrayBuffer()));
    read += file.size;
    alive(read);
    const status = withText(made, "/model", (path) => made._speech_load(path, threads));
    made.FS.unlink("/model");
    if (status !== 0) throw failureOf(status, said, "load");
  }
  module = made;
  const { buffer } = made.HEAP32;
  return buffer instanceof SharedArrayBuffer ? { stop: buffer, at: made._speech_stop() } : "alone";
}

function hear({ samples, language = "", translate = false }: HearArgs): Heard {
  const running = give(samples.length < SHORTEST ? padded(samples) : samples);
  said = "";
  const status = withText(running, language, (code) => running._speech_run(code, translate ? 1 : 0));
  if (status !== 0 && !ENOUGH.has(status)) throw failureOf(status, said, "run");
  return JSON.parse(running.UTF8ToString(running._speech_result())) as Heard;
}

function activity(samples: Float32Array): Float32Array {
  const running = give(samples);
  const frames = running._speech_activity();
  if (frames < Math.floor(samples.length / FRAME)) throw failureOf(-1, said, "run");
  const at = running._speech_activities() >>> 2;
  return running.HEAPF32.slice(at, at + frames);
}

function padded(samples: Float32Array): Float32Array {
  const longer = new Float32Array(SHORTEST);
  longer.set(samples);
  return longer;
}

/** Puts `samples` where the program looks for them. */
function give(samples: Float32Array): Module {
  if (!module) throw new AlcoveError("model-not-found", "No model that hears is loaded.");
  const at = module._speech_buffer(samples.length) >>> 2;
  // Reading renews the views of a memory that another thread has grown.
  module.UTF8ToString(module._speech_stop());
  module.HEAPF32.set(samples, at);
  return module;
}

function withText<T>(running: Module, text: string, use: (at: number) => T): T {
  const at = running.stringToNewUTF8(text);
  try {
    return use(at);
  } finally {
    running._free(at);
  }
}
