/** The inside of the llama.cpp worker: the engine behind calls (operations and types: protocol.ts). */
import type { Chunk } from "../shared/engine.ts";
import { serveWorker } from "../shared/link.ts";
import { paced } from "../shared/pace.ts";
import { type CallContext, type Handlers, serve } from "../shared/rpc.ts";
import { silence } from "./chunks.ts";
import { LlamaEngine } from "./engine.ts";
import { FileStore } from "./files.ts";
import type { CompleteArgs, ConnectArgs, ImportArgs, LoadArgs, PrewarmArgs, RemoveArgs } from "./protocol.ts";
import { Threads } from "./threads.ts";

const ALIVE_EVERY_MS = 10_000;

const files = new FileStore();
const engine = new LlamaEngine(files, new Threads());

/** Stops answering on the replaceable line, and what still runs for it. */
let stopLine: () => void = () => undefined;

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
    // A caller waits for a sign of life, not for ever: the queue and a long prompt say nothing by themselves.
    const alive = setInterval(() => emit(silence(request.model ?? "")), ALIVE_EVERY_MS);
    try {
      for await (const chunk of paced(engine.complete(request, { signal }))) emit(chunk satisfies Chunk);
    } finally {
      clearInterval(alive);
    }
    return null;
  },
  prewarm: async (args: PrewarmArgs, { signal }: CallContext) => {
    await engine.prewarm(args, signal);
    return null;
  },
  unload: async () => {
    await engine.unload();
    return null;
  },
  connect: ({ port, replace }: ConnectArgs) => {
    if (replace) stopLine();
    const stop = serve(port, handlers);
    if (replace) stopLine = stop;
    return null;
  },
};

serveWorker(handlers);
