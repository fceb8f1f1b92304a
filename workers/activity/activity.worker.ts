/** Tells speech from silence, apart from everything else, so that neither the page nor a model's answer delays it. */
import { AlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import type { ActivityProtocol, SoundFrame } from "./protocol.ts";
import { Silero } from "./silero.ts";
import { Utterances } from "./utterances.ts";

const listeners = new Map<string, Utterances>();
let weights: Promise<ArrayBuffer> | undefined;

/** @throws AlcoveError `download-failed` */
async function fetched(address: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(address);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`${address} answered ${response.status}`);
  } catch (thrown) {
    weights = undefined;
    throw new AlcoveError("download-failed", "What tells speech from silence could not be loaded.", {
      detail: String(thrown),
    });
  }
}

function at(id: string): Utterances {
  const found = listeners.get(id);
  if (!found) throw new AlcoveError("bad-request", "Nobody listens any more.");
  return found;
}

const load = (address: string): Promise<ArrayBuffer> => (weights ??= fetched(address));

serveWorker<ActivityProtocol>({
  load: async ({ weights: address }) => void (await load(address)),
  listen: async ({ id, weights: address, port, options }, { signal, emit }) => {
    const silero = new Silero(await load(address));
    const utterances = new Utterances(options, emit);
    listeners.set(id, utterances);
    port.onmessage = ({ data: { samples, level } }: MessageEvent<SoundFrame>) =>
      utterances.push(samples, silero.probability(samples), level);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    port.postMessage("close");
    port.close();
    listeners.delete(id);
  },
  hint: ({ id, complete }) => at(id).hint(complete),
  hold: ({ id }) => at(id).hold(),
  release: ({ id }) => at(id).release(),
  cut: ({ id }) => at(id).cut(),
  forget: ({ id }) => at(id).forget(),
});
