/** What build.py writes into every bundle. All URLs are relative to the root of the built site. */

/** Relaxed SIMD and threads; SIMD and threads; SIMD for pages that are not isolated; wllama's, for old browsers. */
export type ProgramName = "relaxed" | "simd" | "single" | "compat";

/** The same of the engine that hears. */
export type SpeechProgramName = Exclude<ProgramName, "compat">;

/** A build of an engine: its script and its code. */
export interface Program {
  worker: string;
  wasm: string;
}

interface BuildInfo {
  /** Hash of the whole build. */
  id: string;
  version: string;
  /** Folder with Pyodide, its lock file and the wheels, ending in "/". */
  pyodide: string;
  /** Names of the packages that are in Python's memory from the start. */
  packages: string[];
  /** Names of the files that hold that memory, in their order. */
  snapshot: string[];
  /** llama.cpp: ours for three kinds of browser, and wllama's for old ones. */
  llamacpp: Record<ProgramName, Program>;
  /** What hears: engines/speech. */
  speech: Record<SpeechProgramName, Program>;
  /** Of llama.cpp, as its authors count: "b11549". */
  llamacppVersion: string;
  /** ONNX Runtime: the script that starts it, and its code. */
  onnx: { script: string; wasm: string };
  /** Folder of the decoders of pdf.js, ending in "/". */
  pdfDecoders: string;
  /** Archive of the maps of letters that PDFs name, of Chinese, Japanese and Korean. */
  pdfMaps: string;
  /** SQLite's code. */
  sqlite: string;
  /** Weights of what tells speech from silence. */
  activity: string;
  /** JSON with the models of the hubs: a list too long for a script. */
  hubModels: string;
}

/** The worker scripts; known only to the bundles of `alcove.js` and of the page, which are built after them. */
interface WorkerUrls {
  python: string;
  llamacpp: string;
  webllm: string;
  vila: string;
  speech: string;
  voice: string;
  reading: string;
  interpreter: string;
  activity: string;
  search: string;
  importing: string;
  microphone: string;
  documents: string;
  parser: string;
  pdf: string;
}

declare const __BUILD__: BuildInfo;
declare const __WORKERS__: WorkerUrls;

export const BUILD: BuildInfo = __BUILD__;
/** Read lazily: a worker's own bundle is built before the names of the workers are known. */
export const workerUrls = (): WorkerUrls => __WORKERS__;
