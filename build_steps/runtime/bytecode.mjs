// Compiles the .py files of zip archives to bytecode inside Pyodide itself, whose magic number they must carry.
// stdin: {"pyodide": folder, "jobs": [{"from": zip, "to": zip, "without": [path prefixes]}]}
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { pyodide: folder, jobs } = JSON.parse(fs.readFileSync(0, "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: `${folder}/` });
pyodide.runPython(fs.readFileSync(new URL("./bytecode_in_pyodide.py", import.meta.url), "utf8"));
const convert = pyodide.globals.get("convert");
for (const job of jobs) {
  const result = convert(new Uint8Array(fs.readFileSync(job.from)), job.without);
  fs.writeFileSync(job.to, result.toJs());
  result.destroy();
}
