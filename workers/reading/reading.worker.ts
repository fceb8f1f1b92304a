/** The inside of the worker that reads: one model, one picture at a time. */
import { AlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import { Queue } from "../wire/queue.ts";
import { enlarged, rasterOf } from "./picture.ts";
import type { ReadingProtocol } from "./protocol.ts";
import { Reader, type ReaderFiles, readerThreads } from "./reader.ts";

const queue = new Queue();
let open: { id: string; reader: Reader } | undefined;

serveWorker<ReadingProtocol>({
  load: ({ model, files, base }, { emit, signal }) =>
    queue.run(async () => {
      const started = performance.now();
      if (open?.id !== model.id) {
        const total = files.reduce((sum, { size }) => sum + size, 0);
        emit({ stage: "loading", bytes: 0, total });
        await open?.reader.release();
        open = undefined;
        open = { id: model.id, reader: await Reader.open(files as ReaderFiles, base) };
      }
      return { id: model.id, threads: readerThreads(), loadMs: performance.now() - started };
    }, signal),
  read: ({ picture }, { emit, signal }) =>
    queue.run(async () => {
      if (!open) throw new AlcoveError("model-not-found", "No model that reads is loaded.");
      const { raster, scale } = await rasterOf(picture);
      const reading = await open.reader.read(raster, signal, () => emit(null));
      return enlarged(reading, 1 / scale);
    }, signal),
});
