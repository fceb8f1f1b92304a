/** Starts Pyodide from our own folder: nothing is fetched from anywhere else. */
import type { PyodideInterface } from "pyodide";
import { BUILD } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import type { BootProgress } from "./protocol.ts";

/**
 * Loads the interpreter and the packages that every session needs.
 * @throws AlcoveError `download-failed` when a file cannot be had.
 */
export async function bootPyodide(
  base: string,
  onProgress: (progress: BootProgress) => void,
): Promise<PyodideInterface> {
  const indexURL = new URL(BUILD.pyodide, base).href;
  onProgress({ text: "Starting Python", fraction: 0.1 });
  try {
    const { loadPyodide } = (await import(`${indexURL}pyodide.mjs`)) as typeof import("pyodide");
    const pyodide = await loadPyodide({ indexURL, packages: BUILD.packages, checkAPIVersion: false });
    onProgress({ text: "Starting Amplifier", fraction: 0.6 });
    return pyodide;
  } catch (error) {
    throw new AlcoveError("download-failed", "Python could not be started.", {
      action: "Check the connection and reload the page.",
      detail: String(error),
    });
  }
}
