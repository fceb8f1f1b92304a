/** Hashing beside other work: in a worker of its own, which reads the file by itself, where there is one to be had. */
import { AlcoveError } from "../wire/errors.ts";
import { type Operation, RpcClient, serve } from "../wire/rpc.ts";
import { scriptUrl } from "../wire/trusted.ts";
import { hashOf } from "./hashing.ts";

type HasherProtocol = { hash: Operation<{ file: Blob }, string, number> };

/** Name of a worker that only hashes: a second one of the same script, so that there is nothing more to fetch. */
const HASHER = "alcove-hasher";
/** Below this a worker of its own is not worth its start. */
const LEAST_BYTES = 32 << 20;

/** Whether this worker was started to hash. If so, it answers, and should do nothing else. */
export function isHasher(): boolean {
  if ((globalThis as { name?: string }).name !== HASHER) return false;
  serve<HasherProtocol>(self, {
    hash: ({ file }, { emit, signal }) => hashOf(file, emit, signal),
  });
  return true;
}

/**
 * The SHA-256 of `file` in hex.
 * @throws AlcoveError `cancelled`; what reading the file throws
 */
export async function hashBeside(file: Blob, signal: AbortSignal): Promise<string> {
  const alone = () => hashOf(file, () => undefined, signal);
  if (file.size < LEAST_BYTES || typeof Worker === "undefined" || !globalThis.location) return alone();
  const worker = new Worker(scriptUrl(location.href), { type: "module", name: HASHER });
  const rpc = new RpcClient<HasherProtocol>(worker);
  const broken = new AlcoveError("engine-crashed", "The file could not be read.");
  worker.onerror = () => rpc.close(broken);
  try {
    return await rpc.call("hash", { file }, { signal });
  } catch (thrown) {
    if (thrown === broken) return alone();
    throw thrown;
  } finally {
    worker.terminate();
  }
}
