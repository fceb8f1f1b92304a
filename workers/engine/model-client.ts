/** What the outside of a worker needs that is given a model's files: voice, reader. */

import type { AlcoveError } from "../wire/errors.ts";
import type { Ending } from "../wire/shared-link.ts";
import type { LoadProgress } from "./contract.ts";

export interface LoadOptions {
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export interface ClientOptions<Model> {
  /** Absolute URL of the root of the built site. */
  base: string;
  /** Name of the worker for all tabs of the site, which share it. */
  door: string;
  onEnd: (error: AlcoveError, ending: Ending) => void;
  /** The files of a model, brought first where they are not here. */
  files: (model: Model, options: LoadOptions) => Promise<Blob[]>;
}
