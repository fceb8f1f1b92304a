/** A stream of the browser's (camera, screen) as single pictures: what every kind of capture has in common. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** Milliseconds from the stream's start to its first picture. Asking the person may take as long as they like. */
const FIRST_FRAME_MS = 20_000;
const DEFAULT_DIMENSION = 256;

/** One picture: RGB, 8 bits a channel, row by row from the top. */
export interface CapturedFrame {
  rgbPixels: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** Why a capture ended without `stop()` being called. */
export type CaptureEnd = CustomEvent<AlcoveError>;

interface Deferred {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: AlcoveError) => void;
}

function deferred(): Deferred {
  const parts: Partial<Deferred> = {};
  parts.promise = new Promise<void>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  // Whoever waits hears of it; nobody may be waiting.
  parts.promise.catch(() => undefined);
  return parts as Deferred;
}

/** Emits "ended" ({@link CaptureEnd}) when the stream ends by itself or because the page is left. */
export abstract class MediaCapture extends EventTarget {
  readonly #video = document.createElement("video");
  readonly #canvas = document.createElement("canvas");
  #context: CanvasRenderingContext2D | null = null;
  #stream: MediaStream | null = null;
  #ready = deferred();
  /** The start that is under way; `stop()` aborts it. */
  #starting: { promise: Promise<void>; abort: AbortController } | null = null;
  #left = new AbortController();

  constructor() {
    super();
    this.#video.muted = true;
    this.#video.playsInline = true;
  }

  /** Asks the browser for the stream. @throws DOMException as the browser does */
  protected abstract request(): Promise<MediaStream>;
  /** Plain words for what {@link request} or the video threw. */
  protected abstract explain(thrown: unknown): AlcoveError;
  /** Plain words for a stream that ended by itself. */
  protected abstract lost(): AlcoveError;

  /** The video that shows the stream; put it into the page for a preview. It stays the same over starts. */
  get videoElement(): HTMLVideoElement {
    return this.#video;
  }

  /** Whether the stream runs and has a picture. */
  get isCapturing(): boolean {
    return this.#stream !== null && this.#starting === null;
  }

  /**
   * Resolves when there is a picture with a size. Before `start()` it waits for it; it rejects when the start fails
   * or is stopped.
   */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The stream's video track; null while there is none. */
  protected get track(): MediaStreamTrack | null {
    return this.#stream?.getVideoTracks()[0] ?? null;
  }

  /**
   * Starts the stream and resolves when it has a picture with a size. Asks the person where the browser wants that.
   * @throws AlcoveError `unsupported` with what to do when it cannot be had; `timeout` when no picture comes;
   *   `cancelled` when it was stopped meanwhile.
   */
  start(): Promise<void> {
    if (this.#starting) return this.#starting.promise;
    if (this.#stream) return Promise.resolve();
    const abort = new AbortController();
    const ready = this.#ready;
    const promise = this.#begin(abort.signal).then(
      () => {
        this.#starting = null;
        ready.resolve();
      },
      (thrown) => {
        const error = thrown instanceof AlcoveError ? thrown : this.explain(thrown);
        // After stop() another start may be under way: its stream is not ours to end.
        if (!abort.signal.aborted) this.#end(error);
        throw error;
      },
    );
    this.#starting = { promise, abort };
    return promise;
  }

  /** Ends the stream and frees the device, also while it starts. */
  stop(): void {
    this.#end(new AlcoveError("cancelled", "The capture was stopped."));
  }

  /**
   * The picture of this moment, scaled down so that no side is longer than `maxDimension` pixels; null while
   * there is none.
   * @throws AlcoveError `bad-request` when `maxDimension` is no number of at least 1
   */
  captureFrame(maxDimension: number = DEFAULT_DIMENSION): CapturedFrame | null {
    if (!(maxDimension >= 1)) {
      throw new AlcoveError("bad-request", `A picture cannot be ${maxDimension} pixels wide.`, {
        action: "Ask for at least 1 pixel.",
      });
    }
    const { videoWidth, videoHeight } = this.#video;
    if (!this.isCapturing || !hasPicture(this.#video)) return null;
    const scale = Math.min(1, Math.floor(maxDimension) / Math.max(videoWidth, videoHeight));
    const width = Math.max(1, Math.round(videoWidth * scale));
    const height = Math.max(1, Math.round(videoHeight * scale));
    const rgba = this.#draw(width, height);
    return { rgbPixels: withoutAlpha(rgba), width, height };
  }

  #draw(width: number, height: number): Uint8ClampedArray {
    this.#context ??= this.#canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    const context = this.#context;
    if (!context) throw new AlcoveError("unsupported", "This browser cannot read pictures from a video.");
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    context.imageSmoothingQuality = "medium";
    context.drawImage(this.#video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const stream = await unlessStopped(this.request(), signal);
    this.#stream = stream;
    this.#left = new AbortController();
    const { signal: left } = this.#left;
    for (const track of stream.getVideoTracks()) {
      track.addEventListener("ended", () => this.#gone(this.lost()), { signal: left });
    }
    const leaving = () => this.#gone(new AlcoveError("cancelled", "The page was left."));
    window.addEventListener("pagehide", leaving, { signal: left });
    this.#video.srcObject = stream;
    await firstPicture(this.#video, signal);
  }

  /** Ends everything because of something that nobody asked for. */
  #gone(error: AlcoveError): void {
    this.#end(error);
    this.dispatchEvent(new CustomEvent("ended", { detail: error }));
  }

  #end(error: AlcoveError): void {
    const starting = this.#starting;
    this.#starting = null;
    this.#left.abort();
    if (this.#stream) endTracks(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
    const ready = this.#ready;
    this.#ready = deferred();
    ready.reject(error);
    starting?.abort.abort(error);
  }
}

function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const hasPicture = (video: HTMLVideoElement): boolean =>
  video.videoWidth > 0 && video.videoHeight > 0 && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;

/** The stream, or the signal's reason once it aborts; a stream that comes too late is ended. */
function unlessStopped(request: Promise<MediaStream>, signal: AbortSignal): Promise<MediaStream> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as AlcoveError), { once: true });
    // Nothing comes between this check and the caller that keeps the stream: a stop comes before or after both.
    request.then((stream) => (signal.aborted ? endTracks(stream) : resolve(stream)), reject);
  });
}

/** Plays `video` and resolves when it has a picture with a size. */
async function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  // A page without a click may be kept from playing; muted video is allowed everywhere, and the picture decides.
  void video.play().catch(() => undefined);
  if (hasPicture(video)) return;
  await new Promise<void>((resolve, reject) => {
    const done = new AbortController();
    const settle = (how: () => void) => {
      clearTimeout(timer);
      done.abort();
      how();
    };
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new AlcoveError("timeout", "No picture came.", {
              action: "Check that nothing covers or uses it, then start it again.",
            }),
          ),
        ),
      FIRST_FRAME_MS,
    );
    for (const event of ["loadeddata", "resize", "playing", "timeupdate"]) {
      video.addEventListener(event, () => hasPicture(video) && settle(resolve), { signal: done.signal });
    }
    signal.addEventListener("abort", () => settle(() => reject(signal.reason as AlcoveError)), {
      signal: done.signal,
    });
  });
}

/** RGBA → RGB. */
function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from] as number;
    rgb[to++] = rgba[from + 1] as number;
    rgb[to++] = rgba[from + 2] as number;
  }
  return rgb;
}
