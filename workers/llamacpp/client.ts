/** The outside of the llama.cpp worker. */

import { EngineClient, type EngineClientOptions, reporting, type TransferOptions } from "../engine/client.ts";
import type { LlamaCppModel, OwnModel } from "../engine/contract.ts";
import type { LlamaCppProtocol } from "./protocol.ts";

/** The worker itself only coordinates; the model computes in a worker of its own. */
const HANG_MS = 30_000;

export class LlamaCppClient extends EngineClient<LlamaCppModel, LlamaCppProtocol> {
  constructor(url: URL, options: EngineClientOptions) {
    super(url, options, HANG_MS);
  }

  /** Copies files of the person's, and the projector if there is one, into the store and describes them as a model. */
  import(files: File[], projector?: File, options: TransferOptions = {}): Promise<OwnModel> {
    return this.link.rpc.call("import", { files, projector }, reporting(options));
  }

  /** The models that were imported, as the store knows them. */
  imported(): Promise<OwnModel[]> {
    return this.link.rpc.call("imported", {});
  }

  /** A model's files as they lie here. */
  export(model: LlamaCppModel): Promise<{ name: string; blob: Blob }[]> {
    return this.link.rpc.call("export", { model, base: this.base });
  }
}
