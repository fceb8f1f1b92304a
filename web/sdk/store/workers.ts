/** The workers of the store: each is started when it is first needed. */
import type { FileReading } from "../../../workers/importing/client.ts";
import type { Searcher } from "./search.ts";

export interface StoreWorkers {
  /** What searches. */
  search(): Promise<Searcher>;
  /** What reads a file of conversations, apart from the page. */
  importing(): Promise<FileReading>;
}

/** @param base absolute URL of the root of the built site */
export const storeWorkers = (base: string): StoreWorkers => ({
  search: async () => new (await import("../../../workers/search/client.ts")).SearchClient(base),
  importing: async () => new (await import("../../../workers/importing/client.ts")).ImportClient(base),
});
