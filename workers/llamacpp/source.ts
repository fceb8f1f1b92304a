/**
 * What is handed to the instance loader: the bytes of a model as a Blob, whoever makes them, counting what was
 * read. The reads are both the progress of a load and the sign that it is alive.
 */
import type { Readable } from "./f32file.ts";

const PIECE = 4 << 20;

/** @param onRead gets the number of bytes of each read */
export function countedBlob(source: Readable, onRead: (bytes: number) => void): Blob {
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = await source.slice(start, end).arrayBuffer();
    onRead(bytes.byteLength);
    return bytes;
  };
  const slice = (start = 0, end = source.size) => ({
    arrayBuffer: () => read(start, Math.min(end, source.size)),
  });
  let at = 0;
  const stream = () =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        const bytes = await read(at, Math.min(at + PIECE, source.size));
        at += bytes.byteLength;
        if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes));
        if (at >= source.size) controller.close();
      },
    });
  // The loader uses size, slice and stream only, and never posts the object to another worker.
  return { size: source.size, slice, stream } as unknown as Blob;
}
