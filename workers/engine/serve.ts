/** The inside of an engine's worker: how every engine answers its protocol. */

import { allow } from "../wire/gate.ts";
import { type Handlers, serve } from "../wire/rpc.ts";
import { silence } from "./chunks.ts";
import type { Engine, EngineDescription, LoadedModel, LoadProgress, ModelSpec } from "./contract.ts";
import { ALIVE_EVERY_MS, Loads, QUEUED } from "./loads.ts";
import { paced } from "./pace.ts";
import type { EngineProtocol } from "./protocol.ts";

/** An engine as its own worker holds it. */
interface ServedEngine<Model extends ModelSpec> extends Pick<Engine, "complete" | "embed" | "unload"> {
  describe(): EngineDescription;
  load(
    model: Model,
    options: { base: string; onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
  ): Promise<LoadedModel>;
}

/** The files of an engine's models on this device. `base` is what relative URLs start from. */
interface ServedFiles<Model extends ModelSpec> {
  download(
    model: Model,
    base: string,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
    options: { acceptChanged?: boolean },
  ): Promise<unknown>;
  /** @throws AlcoveError `integrity` */
  verify(
    model: Model,
    base: string,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** The ids of those of `models` whose files are whole. */
  cached(models: Model[], base: string): Promise<string[]>;
  /** @param known the models of this engine that there are */
  remove(model: Model, base: string, known: readonly Model[]): Promise<void>;
}

/** Where a model comes from: its list was the site's, or the person's. */
function addressesOf(model: ModelSpec): string[] {
  const files = model.files.map(({ url }) => url);
  return model.engine === "webllm" ? [...files, model.weights, model.library] : files;
}

/** Answers for every operation of an engine, on the worker's global and on ports that come by `connect`. */
export function engineHandlers<Model extends ModelSpec>(
  engine: ServedEngine<Model>,
  files: ServedFiles<Model>,
): Handlers<EngineProtocol<Model>> {
  /** Stops answering on the replaceable line, and what still runs for it. */
  let stopLine: () => void = () => undefined;
  const loads = new Loads();

  const handlers: Handlers<EngineProtocol<Model>> = {
    describe: () => engine.describe(),
    load: ({ model, base }, { emit, signal }) => {
      allow(...addressesOf(model));
      return loads.join(
        JSON.stringify([model, base]),
        (onProgress, stop) => engine.load(model, { base, onProgress, signal: stop }),
        engine.describe().busy,
        emit,
        signal,
      );
    },
    download: async ({ model, base, acceptChanged = false }, { emit, signal }) => {
      allow(...addressesOf(model));
      await files.download(model, base, emit, signal, { acceptChanged });
    },
    verify: ({ model, base }, { emit, signal }) => files.verify(model, base, emit, signal),
    cached: ({ models, base }) => files.cached(models, base),
    remove: ({ model, base, known }) => files.remove(model, base, known),
    complete: async ({ request }, { emit, signal }) => {
      // A caller waits for a sign of life, not for ever: the queue and a long prompt say nothing by themselves.
      const alive = setInterval(() => emit(silence(request.model ?? "")), ALIVE_EVERY_MS);
      if (engine.describe().busy) emit({ ...silence(request.model ?? ""), waits: QUEUED });
      try {
        for await (const chunk of paced(engine.complete(request, { signal }))) emit(chunk);
      } finally {
        clearInterval(alive);
      }
    },
    embed: async ({ request }, { emit, signal }) => {
      const alive = setInterval(() => emit(null), ALIVE_EVERY_MS);
      try {
        return await engine.embed(request, { signal });
      } finally {
        clearInterval(alive);
      }
    },
    unload: () => engine.unload(),
    connect: ({ port, replace }) => {
      if (replace) stopLine();
      const stop = serve(port, handlers);
      if (replace) stopLine = stop;
    },
  };
  return handlers;
}
