/** The inside of an engine's worker: what every engine answers (operations and types: engine-protocol.ts). */

import { serveWorker } from "../wire/link.ts";
import { type CallContext, type Handlers, serve } from "../wire/rpc.ts";
import { silence } from "./chunks.ts";
import type { Chunk, Engine, LoadProgress, ModelSpec } from "./contract.ts";
import { paced } from "./pace.ts";
import type { CachedArgs, CompleteArgs, ConnectArgs, EmbedArgs, LoadArgs, RemoveArgs } from "./protocol.ts";

const ALIVE_EVERY_MS = 10_000;

/** An engine as its own worker holds it. */
export interface ServedEngine<Model extends ModelSpec> extends Pick<Engine, "complete" | "embed" | "unload"> {
  describe(): unknown;
  load(
    model: Model,
    options: { base: string; onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
  ): Promise<unknown>;
}

/** The files of an engine's models on this device. `base` is what relative URLs start from. */
export interface ServedFiles<Model extends ModelSpec> {
  download(
    model: Model,
    base: string,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** The ids of those of `models` whose files are whole. */
  cached(models: Model[], base: string): Promise<string[]>;
  remove(model: Model, base: string): Promise<void>;
}

/** Answers calls on the worker's global and on ports that come by `connect`. */
export function serveEngine<Model extends ModelSpec>(
  engine: ServedEngine<Model>,
  files: ServedFiles<Model>,
  extra: Handlers = {},
): void {
  /** Stops answering on the replaceable line, and what still runs for it. */
  let stopLine: () => void = () => undefined;

  const handlers: Handlers = {
    describe: () => engine.describe(),
    load: ({ model, base }: LoadArgs<Model>, { emit, signal }: CallContext) =>
      engine.load(model, { base, onProgress: emit, signal }),
    download: async ({ model, base }: LoadArgs<Model>, { emit, signal }: CallContext) => {
      await files.download(model, base, emit, signal);
      return null;
    },
    cached: ({ models, base }: CachedArgs<Model>) => files.cached(models, base),
    remove: async ({ model, base }: RemoveArgs<Model>) => {
      await files.remove(model, base);
      return null;
    },
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
    embed: async ({ request }: EmbedArgs, { emit, signal }: CallContext) => {
      const alive = setInterval(() => emit(null), ALIVE_EVERY_MS);
      try {
        return await engine.embed(request, { signal });
      } finally {
        clearInterval(alive);
      }
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
    ...extra,
  };

  serveWorker(handlers);
}
