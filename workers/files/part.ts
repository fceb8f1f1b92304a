/** A file on its way, and what is known of where it comes from. */

import type { FilePart } from "./parts.ts";

/** What is known of a file before it comes. Without a size, the server's word counts. */
export interface Expected {
  bytes?: number;
  /** Hex. One hash is enough; without any, whoever wants the file checks it. */
  sha256?: string;
  md5?: string;
  /** About how long it is, where `bytes` is not known: a server that names no size may send little more. */
  about?: number;
  /** Where it lies in parts. */
  parts?: readonly FilePart[];
  /** The most that a server may send, whatever it says of itself. */
  most?: number;
}

/** Which version of a file a part is made of, so that a later try goes on with the same one or begins anew. */
export interface Origin {
  url: string;
  /** A strong ETag, else the time of the last change: as If-Range takes them. */
  validator?: string;
  /** Bytes of the whole, as the server said. */
  total?: number;
}

/** Bytes are only ever added at its end. */
export interface Part {
  readonly bytes: number;
  /** Kept as long as the part; undefined where nothing is known. */
  readonly origin: Origin | undefined;
  /** Reads up to `into.length` bytes from `at`; returns how many. */
  read(into: Uint8Array, at: number): number;
  /** @throws DOMException QuotaExceededError */
  append(bytes: Uint8Array): void;
  /** Empties it, for bytes of `origin`. */
  reset(origin?: Origin): Promise<void>;
}
