import type { LoadProgress, ModelFile } from "../shared/engine.ts";
export class FileStore {
  async get(
    file: ModelFile,
    base: string,
    _t: (p: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<Blob> {
    return (await fetch(new URL(file.url, base), { signal })).blob();
  }
}
