/**
 * Which of the builds of llama.cpp runs here (engines/llamacpp). Ours needs JavaScript Promise Integration, with which
 * it waits for the model's bytes; without it wllama's own build for older browsers runs, several times slower.
 */
import { BUILD, type Program, type ProgramName } from "../build.ts";
import { hasRelaxedSimd } from "../compute/relaxed.ts";

/** The builds that can run here, the best one first. */
export function programs(
  isolated: boolean = crossOriginIsolated,
  wasm: Pick<typeof WebAssembly, "validate"> = WebAssembly,
): ProgramName[] {
  if (!("Suspending" in wasm)) return ["compat"];
  if (!isolated) return ["single", "compat"];
  return hasRelaxedSimd(wasm) ? ["relaxed", "simd", "compat"] : ["simd", "compat"];
}

/** The two files of a build, as absolute URLs. */
export function programFiles(name: ProgramName, base: string): Program {
  const { worker, wasm } = BUILD.llamacpp[name];
  return { worker: new URL(worker, base).href, wasm: new URL(wasm, base).href };
}
