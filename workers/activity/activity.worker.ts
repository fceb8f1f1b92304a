/** Tells speech from silence, apart from everything else, so that neither the page nor a model's answer delays it. */
import { siteFile } from "../files/site-file.ts";
import { serveWorker } from "../wire/link.ts";
import { Listeners } from "./listeners.ts";
import type { ActivityProtocol } from "./protocol.ts";

let weights: Promise<ArrayBuffer> | undefined;

/** One that failed is asked for again. @throws AlcoveError `download-failed` */
async function fetched(address: string): Promise<ArrayBuffer> {
  try {
    return await siteFile(address, "What tells speech from silence could not be loaded.");
  } catch (thrown) {
    weights = undefined;
    throw thrown;
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
