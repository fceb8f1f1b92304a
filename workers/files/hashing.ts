/** The SHA-256 of a file that lies here. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { AlcoveError } from "../wire/errors.ts";
import { sha256 } from "./sha256.ts";

const PIECE = 4 << 20;

/**
 * In hex.
 * @param onRead hears how many bytes were read so far
 * @throws AlcoveError `cancelled`
 */
export async function hashOf(
  file: Blob,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = sha256();
  for (let at = 0; at < file.size; at += PIECE) {
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    onRead(Math.min(at + PIECE, file.size));
  }
  return bytesToHex(hash.digest());
}

/** A file that is not the one that came; it is set aside. */
export const damaged = (detail: string): AlcoveError =>
  new AlcoveError("integrity", "This model's file has changed on the disk. It is set aside and not used.", {
    action: "Remove the model, and download or import it again.",
    detail,
  });
