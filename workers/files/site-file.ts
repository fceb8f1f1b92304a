/** Files of the site that a worker needs whole: code, weights, maps. */
import { AlcoveError } from "../wire/errors.ts";

/** The bytes of a file. @throws Error that names it, or the network's own */
export async function bytesAt(address: string | URL): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.arrayBuffer();
}

/**
 * The same for whoever tells a person of it.
 * @param problem what cannot be done without it
 * @throws AlcoveError `download-failed`
 */
export async function siteFile(address: string | URL, problem: string): Promise<ArrayBuffer> {
  try {
    return await bytesAt(address);
  } catch (thrown) {
    throw new AlcoveError("download-failed", problem, { detail: String(thrown) });
  }
}
