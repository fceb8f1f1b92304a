/** The outside of the llama.cpp worker. */

import { EngineClient, type EngineClientOptions, reporting, type TransferOptions } from "../engine/client.ts";
import type { LlamaCppModel } from "../engine/contract.ts";
import type { LlamaCppProtocol } from "./protocol.ts";

/** The worker itself only coordinates; the model computes in a worker of its own. */
const HANG_MS = 30_000;

export class LlamaCppClient extends EngineClient<LlamaCppModel, LlamaCppProtocol> {
  constructor(url: URL, options: EngineClientOptions) {
    super(url, options, HANG_MS);
  }

  /** Copies a file of the person's, and its projector if it has one, into the store and describes it as a model. */
  import(file: File, projector?: File, options: TransferOptions = {}): Promise<LlamaCppModel> {
    return this.link.rpc.call("import", { file, projector }, reporting(options));
  }
}
