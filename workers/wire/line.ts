/**
 * Lines to a worker that another tab runs. Whoever wants one knocks at the worker's door, a BroadcastChannel whose
 * name all know, and names a second channel that only the two ends use from then on.
 *
 * Why not a port: none can be handed from tab to tab without a SharedWorker or a service worker as a go-between.
 * The first is missing on phones, and cannot run an engine itself (no workers within, no threads, often no WebGPU);
 * the second may come late or never. A channel costs a copy of each message, and an engine's are small. It ends at
 * the worker, not at the page that runs it: a hidden tab, whose timers are held back, answers as fast as any other.
 */
import { AlcoveError } from "./errors.ts";
import type { Endpoint } from "./rpc.ts";

/** A knock that nobody heard, because the worker is just starting, is made again. */
const KNOCK_EVERY_MS = 1_000;

type AtDoor = { knock: string } | { here: true };
const OPEN = { open: true };

/** One end. As with a port, what is posted when it is closed is lost; a channel would throw. */
class Line extends BroadcastChannel {
  #open = true;

  override postMessage(message: unknown): void {
    if (this.#open) super.postMessage(message);
  }

  override close(): void {
    this.#open = false;
    super.close();
  }
}

/** Whether tabs can find each other here. */
export const canShare = (): boolean =>
  Boolean((globalThis.navigator as Navigator | undefined)?.locks) && typeof BroadcastChannel === "function";

/**
 * Opens a line to the worker behind `door`, now or when there is one. It is closed when `signal` aborts or this
 * context dies: the other end knows by a Web Lock that this end holds meanwhile.
 * @throws AlcoveError `cancelled` when `signal` aborts before somebody opened
 */
export function openLine(door: string, signal: AbortSignal): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const name = `${door} ${crypto.randomUUID()}`;
    const line = new Line(name);
    const outside = new BroadcastChannel(door);
    let again: ReturnType<typeof setInterval> | undefined;
    const knock = () => outside.postMessage({ knock: name } satisfies AtDoor);
    const leave = () => {
      clearInterval(again);
      outside.close();
    };
    const close = () => {
      leave();
      line.close();
      reject(new AlcoveError("cancelled", "The line was closed."));
    };
    if (signal.aborted) return close();
    signal.addEventListener("abort", close, { once: true });
    line.addEventListener(
      "message",
      () => {
        leave();
        resolve(line);
      },
      { once: true },
    );
    const held = () => {
      if (signal.aborted) return undefined;
      outside.onmessage = ({ data }: MessageEvent<AtDoor>) => "here" in data && knock();
      again = setInterval(knock, KNOCK_EVERY_MS);
      knock();
      return new Promise<void>((free) => signal.addEventListener("abort", () => free(), { once: true }));
    };
    void navigator.locks.request(name, { signal }, held).catch(() => undefined);
  });
}

/**
 * Inside a worker: opens to whoever knocks at `door`. `answer` serves a line until it is called off, because nobody
 * is at the other end any more; `onLines` hears how many there are whenever that changes.
 */
export function openDoor(
  door: string,
  answer: (line: Endpoint) => () => void,
  onLines: (open: number) => void,
): void {
  const lines = new Map<string, Line>();
  const inside = new BroadcastChannel(door);
  const open = (name: string): Line => {
    const line = new Line(name);
    lines.set(name, line);
    onLines(lines.size);
    const stop = answer(line);
    void navigator.locks.request(name, () => {
      stop();
      line.close();
      lines.delete(name);
      onLines(lines.size);
    });
    return line;
  };
  inside.onmessage = ({ data }: MessageEvent<AtDoor>) => {
    if ("knock" in data) (lines.get(data.knock) ?? open(data.knock)).postMessage(OPEN);
  };
  inside.postMessage({ here: true } satisfies AtDoor);
}
