// Starts Pyodide with its packages, imports what every session needs, and writes its memory (snapshot.py).
// stdin: {"pyodide": folder, "wheels": {file: [[path, at, bytes]]}, "library": {wheel, path, at, bytes}, "seed", "out"}
// The last line of stdout: {"site": the folder of its packages, "stdlib": {path, bytes} of the standard library}
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { pyodide: folder, wheels, library, seed, out } = JSON.parse(fs.readFileSync(0, "utf8"));
// Whether a stack can be suspended is noted in the memory, and JavaScript has the last word on it: here nothing suspends
// one, and a browser that can has to find a yes.
if (!("Suspending" in WebAssembly)) {
  WebAssembly.Suspending = function (run) {
    return run;
  };
  WebAssembly.promising = (run) => run;
}
const load = (file) => import(pathToFileURL(path.join(folder, file)).href);
const [{ loadPyodide }, { default: create }] = await Promise.all(["pyodide.mjs", "pyodide.asm.mjs"].map(load));
const [major, minor] = JSON.parse(fs.readFileSync(path.join(folder, "pyodide-lock.json"))).info.python.split(".");
const site = `/lib/python${major}.${minor}/site-packages`;
const slice = ({ wheel, at, bytes }) => fs.readFileSync(path.join(folder, wheel)).subarray(at, at + bytes);

// The library comes before all else, at a place in memory and in the table of functions that is the same every time.
const place = `${site}/${library.path}`;
const unpacked = path.join(path.dirname(out), "library.so");
fs.writeFileSync(unpacked, slice(library));
const pyodide = await loadPyodide({
  indexURL: `${folder}/`,
  checkAPIVersion: false,
  _makeSnapshot: true,
  env: { PYTHONHASHSEED: seed },
  createPyodideModule: (settings) => {
    const { locateFile } = settings;
    settings.dynamicLibraries = [place];
    settings.locateFile = (file) => (file === place ? unpacked : locateFile(file));
    return create(settings);
  },
});
for (const [wheel, files] of Object.entries(wheels)) {
  for (const [name, at, bytes] of files) {
    pyodide.FS.mkdirTree(path.dirname(`${site}/${name}`));
    pyodide.FS.writeFile(`${site}/${name}`, slice({ wheel, at, bytes }));
  }
}
try {
  pyodide.runPython(fs.readFileSync(new URL("./snapshot_in_pyodide.py", import.meta.url), "utf8"));
} catch (error) {
  console.error(error.message); // Python's own words, without the lines of Pyodide's script
  process.exit(1);
}
clearFreeMemory(pyodide._module);
fs.writeFileSync(out, pyodide.makeMemorySnapshot());
const stdlib = `/lib/python${major}${minor}.zip`;
console.log(JSON.stringify({ site, stdlib: { path: stdlib, bytes: pyodide.FS.stat(stdlib).size } }));

/** Zeroes are not kept: what is free now and once was not is filled with them. */
function clearFreeMemory(module) {
  const taken = [];
  for (let size = 1 << 20; size >= 1 << 9; size >>= 1) {
    for (const end = module._sbrk(0); ; ) {
      const at = module._malloc(size);
      taken.push(at);
      if (module._sbrk(0) !== end) break; // what was free is used up
      module.HEAPU8.fill(0, at, at + size);
    }
  }
  for (const at of taken) module._free(at);
}
