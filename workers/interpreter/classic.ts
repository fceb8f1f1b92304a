/** Pyodide's module for a worker that cannot be one: those of no origin are classic. */
import { AlcoveError } from "../wire/errors.ts";

const EXPORT = /export default _createPyodideModule;\s*$/;

/**
 * `pyodide.asm.mjs` as a classic script, which defines `_createPyodideModule`.
 * @throws AlcoveError `unsupported` for one that is made otherwise
 */
export function asClassic(module: string): string {
  const script = module.replaceAll("import.meta.url", "self.location.href").replace(EXPORT, "");
  if (!EXPORT.test(module) || script.includes("import.meta")) {
    throw new AlcoveError("unsupported", "This Pyodide cannot run apart from the page.");
  }
  return script;
}
