/** Copies a chosen file into a part, and hashes it meanwhile. */
import { hashBeside } from "../files/hasher.ts";
import type { Part } from "../files/part.ts";
import { AlcoveError } from "../wire/errors.ts";

const PIECE = 8 << 20;

/**
 * @param onCopied hears how many bytes were copied so far
 * @returns the SHA-256 of the file, in hex
 * @throws AlcoveError `cancelled`; DOMException NotReadableError, QuotaExceededError
 */
export async function copyHashed(
  file: File,
  part: Part,
  onCopied: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const stop = new AbortController();
  const hashing = hashBeside(file, AbortSignal.any([signal, stop.signal]));
  hashing.catch(() => undefined);
  try {
    const read = (at: number) => file.slice(at, at + PIECE).arrayBuffer();
    // The next piece is read while this one is written.
    let next = read(0);
    while (part.bytes < file.size) {
      if (signal.aborted) throw new AlcoveError("cancelled", "The import was stopped.");
      const piece = new Uint8Array(await next);
      const end = part.bytes + piece.length;
      next = end < file.size ? read(end) : next;
      next.catch(() => undefined);
      part.append(piece);
      onCopied(part.bytes);
    }
    return await hashing;
  } finally {
    stop.abort();
  }
}
