/** What the page and the service worker say to each other. */

/** A file of a build: its path relative to the site's root, bytes, and SHA-256 in hex. */
export type BuildFile = readonly [path: string, bytes: number, sha256: string];

/** What the build writes into the service worker. */
export interface Precache {
  build: string;
  /** Kept from the start. */
  files: readonly BuildFile[];
  /** Kept once a browser has asked for them. */
  onUse: readonly BuildFile[];
}

/** From the page. A question carries a port for its answer. */
export type ToWorker =
  | { type: "activate" } /* the person took the offer of this waiting build */
  | { type: "tidy" } /* the page runs: caches that nobody needs can go */
  | { type: "repair" } /* something failed: answered with {@link Repaired} */
  | { type: "status" }; /* answered with {@link WorkerStatus} */

/** From the service worker, to every page of this site. */
export type ToPage =
  | { type: "saving"; build: string; done: number; total: number } /* bytes */
  | { type: "saved" } /* what was damaged is whole again */
  | { type: "not-saved"; reason: NotSaved; detail: string }
  | { type: "which-build" }; /* answered, through the port that came with it, with the page's build */

/** No room; a file that came is not the build's; it could not be had at all. */
export type NotSaved = "quota" | "altered" | "unreachable";

export interface WorkerStatus {
  build: string;
  /** Everything of this build is on the device. */
  complete: boolean;
  /** The headers that the host leaves out and the service worker adds; an older build's does not say. */
  added?: string[];
}

export interface Repaired {
  /** How many files were damaged, and were replaced. */
  replaced: number;
}
