/** The GGUF models on this device, and those that a person brings. */
import type { LlamaCppModel, LoadProgress, OwnModel } from "../engine/contract.ts";
import type { FileShelf } from "../files/file-shelf.ts";
import { ModelFileStore, type StoreOptions } from "../files/file-store.ts";
import { checkEnd, checkWeights, readGguf, splitOf } from "./gguf.ts";
import { importFiles } from "./import.ts";

export class FileStore extends ModelFileStore<LlamaCppModel> {
  constructor(openShelf?: () => Promise<FileShelf>, options: StoreOptions = {}) {
    super(openShelf, { checkWhole, ...options });
  }

  /** The models that the person imported, as they lie here. */
  async imported(): Promise<OwnModel[]> {
    return (await (await this.open()).list()).flatMap(({ imported }) => imported ?? []);
  }

  /** Checks and copies files of the person's: {@link importFiles}. */
  async import(
    files: File[],
    projector: File | undefined,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<OwnModel> {
    return importFiles(files, projector, await this.open(), tell, signal);
  }
}

/** Whether a file is a whole GGUF, by its own table of tensors. */
async function checkWhole(file: Blob): Promise<void> {
  const gguf = await readGguf(file);
  if (gguf.tensors.length > 0 || !splitOf(gguf)) checkWeights(gguf, file.size);
  checkEnd(gguf, file.size);
}
