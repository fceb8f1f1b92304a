/** Starts Pyodide from our own folder: nothing is fetched from anywhere else. */
import type { PyodideInterface } from "pyodide";
import { BUILD } from "../build.ts";
import { bytesAt } from "../files/site-file.ts";
import { AlcoveError } from "../wire/errors.ts";
import { type FileSystem, placeFiles } from "./package-files.ts";
import type { BootProgress } from "./protocol.ts";
import { type CreateModule, forgetMemory, readSnapshot, startFrom } from "./snapshot.ts";
import waking from "./waking.py";

/** When what may be imported later is fetched. */
const BEHIND_START_MS = 3000;

/**
 * Starts the interpreter with the packages that every session needs.
 * @throws AlcoveError `download-failed` when a file cannot be had.
 */
export async function bootPyodide(
  base: string,
  onProgress: (progress: BootProgress) => void,
): Promise<PyodideInterface> {
  const indexURL = new URL(BUILD.pyodide, base).href;
  onProgress({ text: "Starting Python", fraction: 0.1 });
  try {
    const module = <T>(name: string) => import(`${indexURL}${name}`) as Promise<T>;
    const [{ loadPyodide }, { default: create }, snapshot] = await Promise.all([
      module<typeof import("pyodide")>("pyodide.mjs"),
      module<{ default: CreateModule }>("pyodide.asm.mjs"),
      Promise.all(BUILD.snapshot.map((name) => bytesAt(indexURL + name))).then(readSnapshot),
    ]);
    const { wheel, at, bytes } = snapshot.library;
    const compiled = URL.createObjectURL(
      new Blob([new Uint8Array(await bytesAt(indexURL + wheel), at, bytes)]),
    );
    const options = { indexURL, checkAPIVersion: false, ...startFrom(snapshot, create, compiled) };
    const pyodide = await loadPyodide(options).finally(() => URL.revokeObjectURL(compiled));
    forgetMemory(pyodide);
    onProgress({ text: "Starting Amplifier", fraction: 0.6 });
    const fetchFiles = placeFiles(pyodide.FS as unknown as FileSystem, indexURL, snapshot);
    for (const name of BUILD.packages) pyodide.loadedPackages[name] = "default channel";
    pyodide.runPython(waking);
    setTimeout(fetchFiles, BEHIND_START_MS);
    return pyodide;
  } catch (error) {
    throw new AlcoveError("download-failed", "Python could not be started.", {
      action: "Check the connection and reload the page.",
      detail: String(error),
    });
  }
}
