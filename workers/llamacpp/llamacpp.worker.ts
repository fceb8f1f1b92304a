/** The inside of the llama.cpp worker. */
import { serveEngine } from "../engine/serve.ts";
import type { CallContext } from "../wire/rpc.ts";
import { LlamaEngine } from "./engine.ts";
import { FileStore } from "./files.ts";
import type { ImportArgs } from "./protocol.ts";
import { Threads } from "./threads.ts";

const files = new FileStore();

serveEngine(new LlamaEngine(files, new Threads()), files, {
  import: ({ file, projector }: ImportArgs, { emit, signal }: CallContext) =>
    files.import(file, projector, emit, signal),
});
