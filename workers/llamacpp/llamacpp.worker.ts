/** The inside of the llama.cpp worker. */
import { engineHandlers } from "../engine/serve.ts";
import { serveWorker } from "../wire/link.ts";
import { LlamaEngine } from "./engine.ts";
import { FileStore } from "./files.ts";
import type { LlamaCppProtocol } from "./protocol.ts";
import { Threads } from "./threads.ts";

const files = new FileStore();

serveWorker<LlamaCppProtocol>({
  ...engineHandlers(new LlamaEngine(files, new Threads()), files),
  import: ({ file, projector }, { emit, signal }) => files.import(file, projector, emit, signal),
});
