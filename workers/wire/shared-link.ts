/**
 * A tab's hold on a worker that all tabs of a site share. One of them runs it: the one that holds the Web Lock named
 * after the worker's door. Every other asks for the same lock and opens a line to the worker meanwhile. So a tab that
 * closes or dies hands over at once: the lock goes to whoever asked next, and the others open new lines.
 */
import { AwakeTimer } from "./awake.ts";
import { type AlcoveError, toAlcoveError } from "./errors.ts";
import { canShare, openLine } from "./line.ts";
import { answersNoMore, type LifeProtocol, type LinkOptions, stopped, WorkerLink } from "./link.ts";
import { type Endpoint, type Protocol, RpcClient } from "./rpc.ts";

/**
 * Why a link ended: its worker "crashed"; it "moved", because the tab that ran it is gone; or this tab was put to
 * "sleep" (frozen, or kept for the way back), where it must neither run what others wait for nor stand in their queue.
 */
export type Ending = "crashed" | "moved" | "sleep";

interface SharedLinkOptions extends Omit<LinkOptions, "onDeath"> {
  /** Name of the worker for all tabs: those that name the same one share it. */
  door: string;
  /** Called once, however the link ends, unless {@link SharedLink.leave} was called. */
  onEnd: (error: AlcoveError, ending: Ending) => void;
}

/** @typeParam P what the worker serves */
export class SharedLink<P extends Protocol> {
  readonly rpc: RpcClient<P>;
  /** Whether this tab runs the worker; known when there is one. */
  readonly runsHere: Promise<boolean>;
  readonly #url: URL;
  readonly #options: SharedLinkOptions;
  /** Aborts when the link ends. */
  readonly #ended = new AbortController();
  /** Aborts when no line is wanted: this tab runs the worker. */
  readonly #noLine = new AbortController();
  #found!: (place: { endpoint: Endpoint; here: boolean }) => void;
  #isFound = false;
  #own: WorkerLink<P> | undefined;
  /** Whoever holds the lock may have been stopped without the browser freeing it: it is not waited for. */
  readonly #late = new AwakeTimer(() => this.#ask({ steal: true }));
  /** Frees the lock. */
  #free: () => void = () => undefined;

  /** Finds the worker behind the door, or starts it as the module worker at `url`. */
  constructor(url: URL, options: SharedLinkOptions) {
    this.#url = url;
    this.#options = options;
    const place = new Promise<{ endpoint: Endpoint; here: boolean }>((resolve) => {
      this.#found = resolve;
    });
    this.rpc = new RpcClient<P>(place.then(({ endpoint }) => endpoint));
    this.runsHere = place.then(({ here }) => here);
    if (canShare()) this.#seek();
    else this.#run();
  }

  /** Gives the worker up; what waits on it fails with `error`. It goes on for other tabs, and ends without them. */
  leave(error: AlcoveError): void {
    if (this.#ended.signal.aborted) return;
    if (this.#own && canShare()) {
      this.rpc.close(error);
      this.#ended.abort();
      this.#own.leave(error);
    } else this.#close(error);
  }

  /** Asks for the lock, and for a line; whichever comes first tells where the worker is. */
  #seek(): void {
    const ended = this.#ended.signal;
    this.#ask({ signal: ended });
    void openLine(this.#options.door, AbortSignal.any([ended, this.#noLine.signal])).then(
      (line) => this.#connected(line),
      () => undefined,
    );
    this.#late.start(this.#options.hangMs);
    document.addEventListener("freeze", this.#sleep);
    addEventListener("pagehide", this.#sleep);
  }

  #ask(how: LockOptions): void {
    let held = false;
    const granted = () => {
      held = true;
      try {
        return this.#granted();
      } catch (thrown) {
        return this.#end(toAlcoveError(thrown), "crashed");
      }
    };
    void navigator.locks.request(this.#options.door, how, granted).catch(() => {
      if (held) this.#end(this.#gone("Another tab took over."), "moved");
    });
  }

  /** Nobody runs the worker. Holds the lock for as long as the returned promise is open. */
  #granted(): Promise<void> | undefined {
    if (this.#ended.signal.aborted) return undefined;
    if (this.#isFound) {
      this.#end(this.#gone("The tab that ran it is gone."), "moved");
      return undefined;
    }
    this.#noLine.abort();
    this.#run();
    return new Promise((resolve) => {
      this.#free = resolve;
    });
  }

  #run(): void {
    const { title, hangMs, door } = this.#options;
    const onDeath = (error: AlcoveError) => this.#end(error, "crashed");
    this.#own = new WorkerLink<P>(this.#url, { title, hangMs, onDeath }, canShare() ? door : undefined);
    this.#find(this.#own.worker, true);
  }

  async #connected(line: Endpoint): Promise<void> {
    this.#find(line, false);
    const life = new RpcClient<LifeProtocol>(line);
    await answersNoMore(life, this.#options.hangMs, this.#ended.signal);
    this.#end(this.#gone("The worker does not answer."), "moved");
  }

  #find(endpoint: Endpoint, here: boolean): void {
    this.#isFound = true;
    this.#late.stop();
    this.#found({ endpoint, here });
  }

  readonly #sleep = (event: Event): void => {
    if (event.type === "pagehide" && !(event as PageTransitionEvent).persisted) return;
    this.#end(this.#gone("The tab was put to sleep."), "sleep");
  };

  #gone(detail: string): AlcoveError {
    return stopped(this.#options.title, detail);
  }

  #end(error: AlcoveError, ending: Ending): void {
    const told = this.#ended.signal.aborted;
    this.#close(error);
    if (!told) this.#options.onEnd(error, ending);
  }

  /** Ends the link, and the worker that runs here, which other tabs may use. */
  #close(error: AlcoveError): void {
    this.rpc.close(error);
    this.#late.stop();
    this.#ended.abort();
    this.#own?.end(error);
    this.#free();
    document.removeEventListener("freeze", this.#sleep);
    removeEventListener("pagehide", this.#sleep);
  }
}
