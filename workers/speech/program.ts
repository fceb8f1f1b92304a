/** Which of the builds of the speech engine run here (engines/speech), the best one first. */
import { BUILD, type Program, type SpeechProgramName } from "../build.ts";
import { hasRelaxedSimd } from "../compute/relaxed.ts";

export function programs(isolated = crossOriginIsolated): SpeechProgramName[] {
  const best: SpeechProgramName[] = hasRelaxedSimd() ? ["relaxed", "simd"] : ["simd"];
  return [...(isolated ? best : []), "single"];
}

/** The two files of a build, as absolute URLs. */
export function programFiles(name: SpeechProgramName, base: string): Program {
  const { worker, wasm } = BUILD.speech[name];
  return { worker: new URL(worker, base).href, wasm: new URL(wasm, base).href };
}
