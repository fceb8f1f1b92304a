/** What the llama.cpp worker answers. */
import type { LlamaCppModel, LoadProgress } from "../engine/contract.ts";
import type { EngineProtocol } from "../engine/protocol.ts";
import type { Operation } from "../wire/rpc.ts";

export type LlamaCppProtocol = EngineProtocol<LlamaCppModel> & {
  /** Copies a file of the person's, and the projector that belongs to it, into the store. */
  import: Operation<{ file: File; projector?: File | undefined }, LlamaCppModel, LoadProgress>;
};
