/**
 * Which of the builds of llama.cpp runs here (engines/llamacpp). Ours needs JavaScript Promise Integration, with which
 * it waits for the model's bytes; without it wllama's own build for older browsers runs, several times slower.
 */
import { BUILD, type Program, type ProgramName } from "../build.ts";

/**
 * A function whose body is `i32x4.relaxed_dot_i8x16_i7x16_add_s` of three zeros: valid only with relaxed SIMD.
 * @see https://github.com/WebAssembly/relaxed-simd
 */
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 147, 2, 11,
]);

/** The builds that can run here, the best one first. */
export function programs(
  isolated: boolean = crossOriginIsolated,
  wasm: Pick<typeof WebAssembly, "validate"> = WebAssembly,
): ProgramName[] {
  if (!("Suspending" in wasm)) return ["compat"];
  if (!isolated) return ["single", "compat"];
  return wasm.validate(RELAXED) ? ["relaxed", "simd", "compat"] : ["simd", "compat"];
}

/** The two files of a build, as absolute URLs. */
export function programFiles(name: ProgramName, base: string): Program {
  const { worker, wasm } = BUILD.llamacpp[name];
  return { worker: new URL(worker, base).href, wasm: new URL(wasm, base).href };
}
