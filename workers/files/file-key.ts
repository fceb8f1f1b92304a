/** What a model's file is kept under: another version of it is another file. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ModelFile } from "../engine/contract.ts";

/** Its hash, or one of its address where nobody publishes its own. */
export function keyOf({ url, sha256: hash }: ModelFile, base: string): string {
  return hash ?? `url-${bytesToHex(sha256(utf8ToBytes(new URL(url, base).href))).slice(0, 40)}`;
}

/** `url` of a file that the person brought: there is nowhere to fetch it from. */
export const LOCAL = "local:";
