/** The inside of the speech worker. */
import { Threads } from "../compute/threads.ts";
import { ALIVE_EVERY_MS } from "../engine/loads.ts";
import { ModelFileStore } from "../files/file-store.ts";
import { isHasher } from "../files/hasher.ts";
import { allow } from "../wire/gate.ts";
import { serveWorker } from "../wire/link.ts";
import { isComputing } from "./computing.ts";
import { SpeechEngine } from "./engine.ts";
import type { SpeechModel, SpeechProtocol } from "./protocol.ts";

/** Whoever waits in the queue hears that it moves. */
async function alive<T>(emit: (sign: null) => void, work: Promise<T>): Promise<T> {
  const beat = setInterval(() => emit(null), ALIVE_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}

const allowFiles = ({ files }: SpeechModel): void => allow(...files.map(({ url }) => url));

if (!isHasher() && !isComputing()) {
  const files = new ModelFileStore<SpeechModel>();
  const engine = new SpeechEngine(files, new Threads());
  serveWorker<SpeechProtocol>({
    describe: () => engine.describe(),
    load: ({ model, base }, { emit, signal }) => {
      allowFiles(model);
      return engine.load(model, base, emit, signal);
    },
    download: ({ model, base }, { emit, signal }) => {
      allowFiles(model);
      return files.download(model, base, emit, signal);
    },
    verify: ({ model, base }, { emit, signal }) => files.verify(model, base, emit, signal),
    cached: ({ models, base }) => files.cached(models, base),
    remove: ({ model, base, known }) => files.remove(model, base, known),
    hear: (args, { emit, signal }) => alive(emit, engine.hear(args, signal)),
    activity: ({ samples }, { emit, signal }) => alive(emit, engine.activity(samples, signal)),
    unload: () => engine.unload(),
  });
}
