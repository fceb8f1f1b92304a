/** The inside of the llama.cpp worker. */

import { Threads } from "../compute/threads.ts";
import { engineHandlers } from "../engine/serve.ts";
import { isHasher } from "../files/hasher.ts";
import { serveWorker } from "../wire/link.ts";
import { LlamaEngine } from "./engine.ts";
import { FileStore } from "./files.ts";
import type { LlamaCppProtocol } from "./protocol.ts";

if (!isHasher()) {
  const files = new FileStore();
  serveWorker<LlamaCppProtocol>({
    ...engineHandlers(new LlamaEngine(files, new Threads()), files),
    import: ({ files: chosen, projector }, { emit, signal }) => files.import(chosen, projector, emit, signal),
    imported: () => files.imported(),
    export: ({ model, base }) => files.export(model, base),
  });
}
