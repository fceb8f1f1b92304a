/** What crosses between the page and an interpreter, and between the page and the frame that holds it. */
import type { NoArgs, Operation } from "../wire/rpc.ts";

/** What the page asks of an interpreter. Whatever it replies was in the hands of somebody's code: see `ran.ts`. */
export type InterpreterProtocol = {
  boot: Operation<{ files: PyodideFiles; memory: number }, void>;
  /** Replies a {@link Ran} as JSON. */
  run: Operation<{ code: string; files: readonly GivenFile[] }, string>;
  ping: Operation<NoArgs, true>;
};

/** The files of Pyodide, as the site has them. */
export interface PyodideFiles {
  wasm: ArrayBuffer;
  stdlib: ArrayBuffer;
  /** JSON. */
  lock: string;
}

/** A file that code finds in its working directory. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What came of running code. */
export interface Ran {
  /** What it printed, both streams in order of writing. */
  output: string;
  /** The `repr` of its last expression; null where that is None or there is none. */
  value: string | null;
  /** The traceback of what it raised. */
  error: string | null;
  /** It ran out of memory: what it holds is lost. */
  exhausted: boolean;
  /** Pictures that it drew: SVG. */
  figures: string[];
}
