/**
 * Python's memory as the build kept it (`build_steps/runtime/snapshot.py`), with its packages imported: to put it back
 * takes a fraction of a start.
 */
import type { loadPyodide, PyodideInterface } from "pyodide";

/** Where a file's bytes lie in a wheel. */
type Entry = [path: string, at: number, bytes: number];

interface Header {
  /** Bytes of the memory, as Pyodide takes it. */
  bytes: number;
  /** What of it is not zero, one after the other in the file. */
  runs: [at: number, bytes: number][];
  /** The folder of the packages. */
  site: string;
  /** Where the standard library lies, as a zip. */
  stdlib: { path: string; bytes: number };
  /** The files of each wheel. */
  wheels: Record<string, Entry[]>;
  /** The one compiled library among them. */
  library: { wheel: string; path: string; at: number; bytes: number };
}

export interface Snapshot extends Omit<Header, "bytes" | "runs"> {
  memory: Uint8Array;
}

const MEMORY_PAGE = 65536;

/** Forgets the memory that Python was started from: Pyodide keeps what it was given. */
export function forgetMemory(pyodide: PyodideInterface): void {
  const { _api: api } = pyodide as unknown as { _api: { config: PyodideOptions } };
  delete api.config._loadSnapshot;
  delete api.config.createPyodideModule;
}

/** Reads the files that the build wrote, in their order. */
export function readSnapshot(parts: ArrayBuffer[]): Snapshot {
  const file = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let end = 0;
  for (const part of parts) {
    file.set(new Uint8Array(part), end);
    end += part.byteLength;
  }
  let from = 4 + new DataView(file.buffer).getUint32(0, true);
  const { bytes, runs, ...rest } = JSON.parse(new TextDecoder().decode(file.subarray(4, from))) as Header;
  const memory = new Uint8Array(bytes);
  for (const [at, length] of runs) {
    memory.set(file.subarray(from, from + length), at);
    from += length;
  }
  return { ...rest, memory };
}

type PyodideOptions = NonNullable<Parameters<typeof loadPyodide>[0]>;

/** What Pyodide gives Emscripten, and Emscripten gives back. */
interface Settings {
  dynamicLibraries?: string[];
  locateFile(file: string): string;
}
interface Module {
  HEAP32: Int32Array;
  /** Addresses. */
  __PyRuntime: number;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
  _emscripten_resize_heap(bytes: number): unknown;
}
export type CreateModule = (settings: Settings) => Promise<Module>;

/**
 * What has Pyodide start from that memory.
 * @param create Emscripten's own function, of `pyodide.asm.mjs`
 * @param library address of the compiled library. It has to be loaded before all else, as when the memory was kept: so it
 * comes to the same place
 */
export function startFrom(snapshot: Snapshot, create: CreateModule, library: string): PyodideOptions {
  const path = `${snapshot.site}/${snapshot.library.path}`;
  const { memory } = snapshot;
  const options = {
    _loadSnapshot: memory,
    // `package-files.ts` puts the standard library there.
    stdLibURL: "data:application/zip,",
    createPyodideModule: async (settings: Settings) => {
      const locate = settings.locateFile;
      settings.dynamicLibraries = [path];
      settings.locateFile = (file) => (file === path ? library : locate(file));
      const module = await create(settings);
      module._emscripten_resize_heap(memory.length - (memory.length % MEMORY_PAGE));
      keepTrampoline(module, memory);
      return module;
    },
  };
  return options as unknown as PyodideOptions;
}

/**
 * How this browser calls a function that takes more or fewer arguments than it is given was noted in the memory of its own
 * before Python starts: it is put into the one to come, which knows how the machine did that kept it.
 */
function keepTrampoline(
  { HEAP32, __PyRuntime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET }: Module,
  memory: Uint8Array,
): void {
  const at = __PyRuntime + (HEAP32[__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4] as number);
  const view = new DataView(memory.buffer);
  const start = view.getUint32(4, true);
  view.setInt32(start + at, HEAP32[at / 4] as number, true);
}
