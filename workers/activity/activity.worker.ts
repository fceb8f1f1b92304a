/** Tells speech from silence, apart from everything else, so that neither the page nor a model's answer delays it. */
import { AlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import { Listeners } from "./listeners.ts";
import type { ActivityProtocol } from "./protocol.ts";

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

const load = (address: string): Promise<ArrayBuffer> => (weights ??= fetched(address));
const listeners = new Listeners(load);

serveWorker<ActivityProtocol>({
  load: async ({ weights: address }) => void (await load(address)),
  listen: (asked, context) => listeners.listen(asked, context),
  hint: ({ id, complete }) => listeners.at(id).hint(complete),
  hold: ({ id }) => listeners.at(id).hold(),
  release: ({ id }) => listeners.at(id).release(),
  cut: ({ id }) => listeners.at(id).cut(),
  forget: ({ id }) => listeners.at(id).forget(),
});
