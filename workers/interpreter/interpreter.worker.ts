/**
 * Runs somebody's Python: what a model wrote. It stands in a frame of no origin whose policy lets nothing out
 * (`frame.html`), and gives up what a worker could still do by itself (`seal.ts`) before the first line of that code.
 *
 * Its script follows Pyodide's own in one file: nothing can be imported where nothing can be fetched.
 */
import { loadPyodide, type PyodideAPI } from "pyodide";
import type { PyDict, PyProxy } from "pyodide/ffi";
import { AlcoveError } from "../wire/errors.ts";
import { serve } from "../wire/rpc.ts";
import { limitMemory } from "./memory.ts";
import plot from "./plot.py";
import type { GivenFile, InterpreterProtocol, PyodideFiles } from "./protocol.ts";
import runner from "./runner.py";
import { seal } from "./seal.ts";

/** Of `pyodide.asm.mjs`, which stands before this in the same file. */
declare const _createPyodideModule: never;

const HOME = "/home/pyodide";
/** Where Pyodide believes its files to be. */
const NOWHERE = "https://interpreter.invalid/";
const FETCHED: Record<string, { file: "wasm" | "stdlib"; type: string }> = {
  "pyodide.asm.wasm": { file: "wasm", type: "application/wasm" },
  "python_stdlib.zip": { file: "stdlib", type: "application/zip" },
};

/** What Pyodide has and does not describe. */
interface PyodideInside {
  sitePackages: string;
  on_fatal: (cause: unknown) => void;
}

type Begin = PyProxy & ((code: string) => Promise<string>);

let begin: Begin | undefined;
let pyodide: PyodideAPI;
let died: (error: AlcoveError) => void = () => undefined;

async function boot({ files, memory }: InterpreterProtocol["boot"]["args"]): Promise<void> {
  limitMemory(memory);
  serveFiles(files);
  pyodide = await loadPyodide({
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    lockFileContents: files.lock,
    createPyodideModule: _createPyodideModule,
    checkAPIVersion: false,
  } as Parameters<typeof loadPyodide>[0]);
  const { _api: api } = pyodide as unknown as { _api: PyodideInside };
  // Whoever ends Python from within (os._exit) leaves nobody to answer.
  api.on_fatal = (cause) =>
    died(new AlcoveError("engine-crashed", "The interpreter ended.", { detail: String(cause) }));
  pyodide.FS.writeFile(`${api.sitePackages}/plot.py`, plot);
  const scope = pyodide.toPy({}) as PyDict;
  pyodide.runPython(runner, { globals: scope, filename: "<interpreter>" });
  begin = scope.get("begin") as Begin;
  seal();
}

/** What Pyodide fetches is at hand. */
function serveFiles(files: PyodideFiles): void {
  globalThis.fetch = async (asked) => {
    const found = FETCHED[String(asked).slice(NOWHERE.length)];
    if (!found) return new Response(null, { status: 404 });
    return new Response(files[found.file], { headers: { "Content-Type": found.type } });
  };
}

async function run({ code, files }: InterpreterProtocol["run"]["args"]): Promise<string> {
  if (!begin) throw new AlcoveError("busy", "The interpreter is still starting.");
  for (const { name, bytes } of files) put(name, bytes);
  const death = new Promise<never>((_, reject) => {
    died = reject;
  });
  return Promise.race([begin(code), death]);
}

/** Into the folder in which code starts; it has no folders in it. */
function put(name: string, bytes: GivenFile["bytes"]): void {
  pyodide.FS.writeFile(`${HOME}/${name.replaceAll("/", "_")}`, bytes);
}

addEventListener(
  "message",
  ({ ports: [port] }) => {
    if (port) serve<InterpreterProtocol>(port, { boot, run, ping: () => true });
  },
  { once: true },
);
