/** The page's side of the worker that searches conversations. */
import { workerUrls } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import type { Query, SearchHit, SearchProtocol } from "./protocol.ts";

const HANG_MS = 30_000;

export class SearchClient {
  readonly #link: WorkerLink<SearchProtocol>;

  /** @param base absolute URL of the root of the built site */
  constructor(base: string) {
    this.#link = new WorkerLink(new URL(workerUrls().search, base), {
      title: "The search",
      hangMs: HANG_MS,
      onDeath: () => undefined,
    });
  }

  /** False after its worker died: another one knows nothing. */
  get alive(): boolean {
    return this.#link.alive;
  }

  /** @throws AlcoveError `busy` where the database cannot be read now, `engine-crashed` */
  update(args: SearchProtocol["update"]["args"]): Promise<void> {
    return this.#link.rpc.call("update", args, { onItem: () => undefined });
  }

  /** @throws AlcoveError `cancelled`, `engine-crashed` */
  find(query: Query, signal?: AbortSignal): Promise<SearchHit[]> {
    return this.#link.rpc.call("find", query, { signal });
  }

  close(): void {
    this.#link.end(new AlcoveError("cancelled", "Stopped."));
  }
}
