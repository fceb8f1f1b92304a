/** The page's side of the worker that tells speech from silence. */
import { BUILD, workerUrls } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import { Framer } from "./frame.ts";
import type { ActivityEvent, ActivityProtocol, ListenOptions } from "./protocol.ts";

const HANG_MS = 20_000;

/** A port to listen at, and what feeds it with sound of `rate` samples a second, piece by piece. */
export function feed(rate: number): { port: MessagePort; push: (samples: Float32Array) => void } {
  const { port1, port2 } = new MessageChannel();
  const framer = new Framer(rate, (frame) => port1.postMessage(frame));
  return { port: port2, push: (samples) => framer.push(samples) };
}

/** Somebody who listens. */
export interface Listening {
  /** What the words so far say: whether they are a whole sentence. */
  hint(complete: boolean): void;
  /** What comes from now on is one utterance, until {@link release}. */
  hold(): void;
  release(): void;
  /** The utterance under way begins now, with what is kept of the time before. */
  cut(): void;
  /** Forgets the utterance under way. */
  forget(): void;
  stop(): void;
}

/** One worker. It ends with {@link close}; when it dies, all who listen are told by their `onEnd`. */
export class ActivityClient {
  readonly #link: WorkerLink<ActivityProtocol>;
  readonly #weights: string;

  /** @param base absolute URL of the root of the built site */
  constructor(base: string) {
    this.#weights = new URL(BUILD.activity, base).href;
    this.#link = new WorkerLink(new URL(workerUrls().activity, base), {
      title: "Listening",
      hangMs: HANG_MS,
      onDeath: () => undefined,
    });
  }

  /** Resolves when it can listen. @throws AlcoveError `download-failed`, `engine-crashed` */
  load(): Promise<void> {
    return this.#link.rpc.call("load", { weights: this.#weights });
  }

  /**
   * Listens to the frames that come out of `port`, which goes to the worker.
   * @param onEnd hears why it ended, unless it was stopped: `engine-crashed`, `download-failed`
   */
  listen(
    port: MessagePort,
    options: ListenOptions,
    onEvent: (event: ActivityEvent) => void,
    onEnd: (error: AlcoveError) => void,
  ): Listening {
    const id = crypto.randomUUID();
    const stopped = new AbortController();
    const { rpc } = this.#link;
    const listening = rpc.call(
      "listen",
      { id, weights: this.#weights, port, options },
      {
        signal: stopped.signal,
        timeoutMs: 0,
        onItem: (event) => !stopped.signal.aborted && onEvent(event),
        transfer: [port],
      },
    );
    listening.catch((error: AlcoveError) => !stopped.signal.aborted && onEnd(error));
    // Where the worker is gone, `onEnd` says so.
    const tell = (asked: Promise<void>) => void asked.catch(() => undefined);
    return {
      hint: (complete) => tell(rpc.call("hint", { id, complete })),
      hold: () => tell(rpc.call("hold", { id })),
      release: () => tell(rpc.call("release", { id })),
      cut: () => tell(rpc.call("cut", { id })),
      forget: () => tell(rpc.call("forget", { id })),
      stop: () => stopped.abort(),
    };
  }

  close(): void {
    this.#link.end(new AlcoveError("cancelled", "Stopped."));
  }
}
