/** What crosses to the llama.cpp worker beside what every engine takes (`workers/engine/protocol.ts`). */

/** `import`: copies a file of the person's into the store; the reply is its LlamaCppModel. */
export interface ImportArgs {
  file: File;
  /** The projector that belongs to it, if it has one. */
  projector?: File | undefined;
}
