/** What the llama.cpp worker answers. */
import type { LlamaCppModel, LoadProgress, OwnModel } from "../engine/contract.ts";
import type { EngineProtocol } from "../engine/protocol.ts";
import type { NoArgs, Operation } from "../wire/rpc.ts";

export type LlamaCppProtocol = EngineProtocol<LlamaCppModel> & {
  /** Copies a model of the person's into the store: its file, or all parts of it, and the projector that belongs to it. */
  import: Operation<{ files: File[]; projector?: File | undefined }, OwnModel, LoadProgress>;
  /** The models that were imported, as the store knows them. */
  imported: Operation<NoArgs, OwnModel[]>;
  /** A model's files as they lie here. */
  export: Operation<{ model: LlamaCppModel; base: string }, { name: string; blob: Blob }[]>;
};
