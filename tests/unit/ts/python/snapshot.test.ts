import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileSystem, placeFiles } from "../../../../workers/python/package-files.ts";
import { readSnapshot, startFrom } from "../../../../workers/python/snapshot.ts";

const PLACES = {
  site: "/packages",
  stdlib: { path: "/stdlib.zip", bytes: 3 },
  library: { wheel: "b.whl", path: "b/native.so", at: 0, bytes: 1 },
  wheels: { "a.whl": [["a/one.pyc", 1, 2] as [string, number, number]] },
};

/** As `build_steps/runtime/snapshot.py` writes it. */
function written(bytes: number, runs: [at: number, content: string][]): Uint8Array {
  const header = new TextEncoder().encode(
    JSON.stringify({ ...PLACES, bytes, runs: runs.map(([at, { length }]) => [at, length]) }),
  );
  const length = new Uint8Array(new Uint32Array([header.length]).buffer);
  const content = new TextEncoder().encode(runs.map(([, text]) => text).join(""));
  return new Uint8Array([...length, ...header, ...content]);
}

test("memory comes back as it was, from parts that are cut anywhere", () => {
  const file = written(20, [
    [2, "abc"],
    [15, "de"],
  ]);
  for (const cut of [0, 3, 50, file.length - 1, file.length]) {
    const { memory, site } = readSnapshot([file.slice(0, cut).buffer, file.slice(cut).buffer]);
    assert.equal(new TextDecoder().decode(memory), "\0\0abc\0\0\0\0\0\0\0\0\0\0de\0\0\0");
    assert.equal(site, "/packages");
  }
});

class ErrnoError extends Error {
  constructor(readonly errno: number) {
    super();
  }
}

function place(served: Record<string, string>): { nodes: Record<string, Uint8Array>; asked: string[] } {
  const asked: string[] = [];
  Object.assign(globalThis, {
    XMLHttpRequest: class {
      status = 0;
      response: ArrayBuffer | undefined;
      #url = "";
      open(_method: string, url: string): void {
        this.#url = url;
      }
      send(): void {
        asked.push(this.#url);
        const found = served[this.#url];
        this.status = found === undefined ? 404 : 200;
        this.response = new TextEncoder().encode(found).buffer as ArrayBuffer;
      }
    },
  });
  const nodes: Record<string, { contents: Uint8Array; usedBytes: number }> = {};
  const make = (path: string) => {
    const node = { contents: new Uint8Array(), usedBytes: 0 };
    nodes[path] = node;
    return node;
  };
  const FS: FileSystem = {
    mkdirTree: () => undefined,
    create: make,
    lookupPath: (path) => ({ node: make(path) }),
    ErrnoError,
  };
  placeFiles(FS, "/python/", { ...PLACES, memory: new Uint8Array() });
  const contents = Object.entries(nodes).map(([path, node]) => [
    path,
    {
      get: () => node.contents.subarray(0, node.usedBytes),
      set: (bytes: Uint8Array) => {
        node.contents = bytes;
      },
      enumerable: true,
    },
  ]);
  return { nodes: Object.defineProperties({}, Object.fromEntries(contents)), asked };
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("a file's bytes are fetched when they are wanted, an archive's once", () => {
  const { nodes, asked } = place({ "/python/a.whl": "0123456", "/python/python_stdlib.zip": "zip" });
  assert.deepEqual(asked, []);
  assert.equal(text(nodes["/packages/a/one.pyc"]), "12");
  assert.equal(text(nodes["/packages/a/one.pyc"]), "12");
  assert.equal(text(nodes["/stdlib.zip"]), "zip");
  assert.deepEqual(asked, ["/python/a.whl", "/python/python_stdlib.zip"]);
});

test("what is written to a file takes the place of what it had", () => {
  const { nodes, asked } = place({});
  nodes["/packages/a/one.pyc"] = new TextEncoder().encode("new");
  assert.equal(text(nodes["/packages/a/one.pyc"]), "ne"); // as many as Emscripten says that there are
  assert.deepEqual(asked, []);
});

test("one that cannot be had is a disk that fails, and is asked for again", () => {
  const served: Record<string, string> = {};
  const { nodes } = place(served);
  const failed = (thrown: unknown) => thrown instanceof ErrnoError && thrown.errno === 29;
  assert.throws(() => nodes["/packages/a/one.pyc"], failed);
  served["/python/a.whl"] = "0123456";
  assert.equal(text(nodes["/packages/a/one.pyc"]), "12");
});

test("how this browser calls functions is put into the memory", async () => {
  const heap = new Int32Array(64);
  heap[4] = 8; // the offset, at address 16
  heap[12] = 321; // the note, at 40 + 8
  const memory = new Uint8Array(1024);
  new Uint32Array(memory.buffer).set([0, 128]);
  const module = {
    HEAP32: heap,
    __PyRuntime: 40,
    __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: 16,
    _emscripten_resize_heap: () => true,
  };
  const options = startFrom({ ...PLACES, memory }, async () => module, "blob:library");
  const create = options.createPyodideModule as unknown as (settings: object) => Promise<unknown>;
  const settings: { dynamicLibraries?: string[]; locateFile(file: string): string } = {
    locateFile: (file) => `/python/${file}`,
  };
  await create(settings);
  assert.equal(new Int32Array(memory.buffer)[(128 + 48) / 4], 321);
  assert.deepEqual(settings.dynamicLibraries?.map(settings.locateFile), ["blob:library"]);
  assert.equal(settings.locateFile("other"), "/python/other");
});
