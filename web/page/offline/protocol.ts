/** What the page and the service worker say to each other. */

/** What the build writes into the service worker. */
export interface Precache {
  build: string;
  /** Path relative to the site's root, and bytes. */
  files: readonly (readonly [path: string, bytes: number])[];
}

/** From the page. A question carries a port for its answer. */
export type ToWorker =
  | { type: "activate" } /* the person took the offer of this waiting build */
  | { type: "tidy" } /* the page runs: caches that nobody needs can go */
  | { type: "status" }; /* answered with {@link WorkerStatus} */

/** From the service worker, to every page of this site. */
export type ToPage =
  | { type: "saving"; build: string; done: number; total: number } /* bytes */
  | { type: "which-build" }; /* answered, through the port that came with it, with the page's build */

export interface WorkerStatus {
  build: string;
  /** Everything of this build is on the device. */
  complete: boolean;
}
