/** Frames of the camera, the screen or a canvas to a ViLA server, and what it says of them. */
import { workerUrls } from "../../../workers/build.ts";
import type { StreamItem, StreamStatus, VilaProtocol } from "../../../workers/vila/protocol.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { WorkerLink } from "../../../workers/wire/link.ts";
import { siteBase } from "../base.ts";
import type { MediaCapture } from "../capture/media-capture.ts";
import { vilaAddress } from "./address.ts";
import { frameOf } from "./frame.ts";

/** What a stream is doing, and what became of its frames; `error` says why it waits or ended. */
export type VilaStatus = StreamStatus;

export interface VilaCaption {
  text: string;
  /** When it came (`Date.now()`). */
  at: number;
}

export interface VilaOptions {
  /** `wss:`, or `ws:` on this very device. */
  url: string;
  /** Sent in the address, as ViLA wants it. */
  apiKey?: string;
  /** A capture that was started, or whatever shows the pictures. */
  capture: Pick<MediaCapture, "videoElement"> | HTMLVideoElement | HTMLCanvasElement;
  /** Frames a second, 1 to 60; default 30. Fewer are sent where the network does not take as many. */
  fps?: number;
  /** The most that is sent, in pixels; default 640 × 480. The picture keeps its shape. */
  resolution?: readonly [width: number, height: number];
  /** Of the JPEGs, 1 to 100; default 70. */
  quality?: number;
  onCaption: (caption: VilaCaption) => void;
  /** Hears each change, and the figures twice a second. */
  onStatus?: (status: VilaStatus) => void;
}

/** How long a worker may be silent: it encodes pictures. */
const HANG_MS = 30_000;
const ENDED = { sent: 0, skipped: 0, replies: 0 };

/**
 * Sends the newest frame again and again, and never lets them pile up: while the connection is not done with those
 * before, frames are skipped. A lost connection comes back by itself, after pauses that grow; a server that refuses
 * (close code 1008) ends the stream. Frames leave the device from `start()` on: ask the person first.
 */
export class VilaStream {
  readonly #options: VilaOptions;
  readonly #url: URL;
  readonly #fps: number;
  readonly #format: { width: number; height: number; quality: number };
  #status: VilaStatus = { state: "ended", ...ENDED };
  #run: AbortController | null = null;

  /** @throws AlcoveError `bad-request` for an address, a key or a figure that cannot be */
  constructor(options: VilaOptions) {
    const { url, apiKey, fps = 30, resolution: [width, height] = [640, 480], quality = 70 } = options;
    this.#options = options;
    this.#url = vilaAddress(url, apiKey);
    this.#fps = within("fps", fps, 1, 60);
    this.#format = {
      width: within("resolution", width, 16, 4096),
      height: within("resolution", height, 16, 4096),
      quality: within("quality", quality, 1, 100),
    };
  }

  get status(): VilaStatus {
    return this.#status;
  }

  /** To whom frames go. */
  get host(): string {
    return this.#url.host;
  }

  /** Begins to send; does nothing while it does. */
  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    void this.#stream(run);
  }

  /** Stops at once: no frame leaves any more, and nothing is heard. */
  stop(): void {
    if (!this.#run) return;
    this.#run.abort();
    this.#run = null;
    const { error: _, retryInMs: __, ...figures } = this.#status;
    this.#tell({ ...figures, state: "ended" });
  }

  async #stream(run: AbortController): Promise<void> {
    const { signal } = run;
    const died = ({ message }: AlcoveError) =>
      this.#fail(run, new AlcoveError("engine-crashed", message, { action: "Start it again." }));
    const options = { title: "The stream to the ViLA server", hangMs: HANG_MS, onDeath: died };
    let link: WorkerLink<VilaProtocol>;
    try {
      link = new WorkerLink(new URL(workerUrls().vila, siteBase()), options);
    } catch (thrown) {
      return this.#fail(run, toAlcoveError(thrown, "unsupported"));
    }
    signal.addEventListener("abort", () => link.end(new AlcoveError("cancelled", "Stopped.")));
    const wake = () => {
      if (!document.hidden) void link.rpc.call("wake", {}).catch(() => undefined);
    };
    document.addEventListener("visibilitychange", wake, { signal });
    globalThis.addEventListener("online", wake, { signal });
    const onItem = (item: StreamItem) => {
      if (signal.aborted) return;
      if (item.type === "want") void this.#bring(link);
      else if (item.type === "status") {
        // The server wants no more of it. Whoever hears so may start it again at once.
        if (item.status.state === "ended") this.#over(run);
        this.#tell(item.status);
      } else told(() => this.#options.onCaption({ text: item.text, at: Date.now() }));
    };
    const request = { url: this.#url.href, fps: this.#fps, ...this.#format };
    try {
      await link.rpc.call("stream", request, { onItem, timeoutMs: 0 });
    } catch (thrown) {
      this.#fail(run, toAlcoveError(thrown));
    }
    this.#over(run);
  }

  #over(run: AbortController): void {
    if (this.#run === run) this.#run = null;
    run.abort();
  }

  async #bring(link: WorkerLink<VilaProtocol>): Promise<void> {
    const at = Date.now();
    const { capture } = this.#options;
    const frame = await frameOf("videoElement" in capture ? capture.videoElement : capture);
    const transfer = frame ? [frame] : [];
    await link.rpc.call("frame", { frame, at }, { transfer }).catch(() => frame?.close());
  }

  #fail(run: AbortController, error: AlcoveError): void {
    if (this.#run !== run) return;
    this.#run = null;
    run.abort();
    this.#tell({ ...this.#status, state: "ended", error: error.toData() });
  }

  #tell(status: VilaStatus): void {
    this.#status = status;
    told(() => this.#options.onStatus?.(status));
  }
}

/** Calls a listener; one that throws ends no stream. */
function told(listener: () => void): void {
  try {
    listener();
  } catch (thrown) {
    reportError(thrown);
  }
}

function within(name: string, value: number, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new AlcoveError("bad-request", `The ${name} of a stream cannot be ${value}.`, {
    action: `Use ${least} to ${most}.`,
  });
}
