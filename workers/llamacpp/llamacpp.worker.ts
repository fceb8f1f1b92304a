/** The inside of the llama.cpp worker: the engine behind calls (operations and types: protocol.ts). */
import type { Chunk } from "../shared/engine.ts";
import { serveWorker } from "../shared/link.ts";
import { type CallContext, type Handlers, serve } from "../shared/rpc.ts";
import { LlamaEngine } from "./engine.ts";
import { FileStore } from "./files.ts";
import type { CompleteArgs, ConnectArgs, ImportArgs, LoadArgs, PrewarmArgs, RemoveArgs } from "./protocol.ts";
import { Threads } from "./threads.ts";

const files = new FileStore();
const engine = new LlamaEngine(files, new Threads());

const handlers: Handlers = {
  describe: () => engine.describe(),
  load: ({ model, base }: LoadArgs, { emit, signal }: CallContext) =>
    engine.load(model, { base, onProgress: emit, signal }),
  download: async ({ model, base }: LoadArgs, { emit, signal }: CallContext) => {
    for (const file of model.files) await files.get(file, base, emit, signal);
    return null;
  },
  stored: () => files.stored(),
  remove: async ({ model }: RemoveArgs) => {
    await files.remove(model);
    return null;
  },
  import: ({ file }: ImportArgs, { emit, signal }: CallContext) => files.import(file, emit, signal),
  complete: async ({ request }: CompleteArgs, { emit, signal }: CallContext) => {
    for await (const chunk of engine.complete(request, { signal })) emit(chunk satisfies Chunk);
    return null;
  },
  prewarm: async ({ messages }: PrewarmArgs, { signal }: CallContext) => {
    await engine.prewarm(messages, signal);
    return null;
  },
  unload: async () => {
    await engine.unload();
    return null;
  },
  connect: ({ port }: ConnectArgs) => {
    serve(port, handlers);
    return null;
  },
};

serveWorker(handlers);
