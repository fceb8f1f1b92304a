/** The person's microphone, as frames for speech models: 16 kHz, mono, whatever the device gives. */

import type { SoundFrame, ToWorklet } from "../../../workers/activity/protocol.ts";
import { workerUrls } from "../../../workers/build.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { streamOf } from "../../../workers/wire/stream.ts";
import { scriptUrl } from "../../../workers/wire/trusted.ts";
import { siteBase } from "../base.ts";
import { sound } from "./sound.ts";

/** As the worklet calls itself. */
const NAME = "alcove-microphone";
/** Milliseconds from the microphone's start to its first frame. Asking the person may take as long as they like. */
const FIRST_FRAME_MS = 10_000;
/** Nothing but zeros for so many frames (3 s): a microphone always hears a little, one that is switched off nothing. */
const MUTED_FRAMES = 94;

export interface MicrophoneOptions {
  /** One of {@link Microphone.microphones}; left out, the one that the browser chooses. */
  deviceId?: string;
  /** Take out what the page itself plays; default true. */
  echoCancellation?: boolean;
  /** Default true. */
  noiseSuppression?: boolean;
  /** Make a quiet voice louder; default true. */
  autoGainControl?: boolean;
}

export interface MicrophoneDevice {
  id: string;
  /** Its name, or "Microphone 1" while the browser does not tell. */
  label: string;
}

/** Words for what goes wrong, and what is asked first: no page needs them before it starts a microphone. */
const errors = () => import("./microphone-errors.ts");

/** What runs between a start and its stop. */
interface Running {
  track: MediaStreamTrack;
  source: MediaStreamAudioSourceNode;
  left: AbortController;
}

/** The worklet's script, where it has been loaded. */
let loaded: Promise<void> | undefined;

/**
 * Emits "level" (CustomEvent of how loud it is, 0 to 1, some 30 times a second), "muted" and "unmuted", and "ended"
 * (CustomEvent of an AlcoveError) when it is unplugged or the page is left. The sound itself goes past the page: see
 * {@link tap}.
 */
export class Microphone extends EventTarget {
  #options: MicrophoneOptions;
  /** From its start to its stop; another microphone is connected to the same, so that taps stay. */
  #node: AudioWorkletNode | undefined;
  /** For a node that is not made yet. */
  readonly #taps: MessagePort[] = [];
  #starting: { promise: Promise<void>; abort: AbortController } | null = null;
  #running: Running | null = null;
  #level = 0;
  #zeros = 0;

  constructor(options: MicrophoneOptions = {}) {
    super();
    this.#options = options;
  }

  /**
   * The microphones of this device; their names are known once the person has allowed one.
   * @throws AlcoveError `unsupported` where the browser gives none to this page
   */
  static async microphones(): Promise<MicrophoneDevice[]> {
    const { devices } = await errors();
    const found = (await devices().enumerateDevices()).filter(({ kind }) => kind === "audioinput");
    return found.map(({ deviceId, label }, index) => ({
      id: deviceId,
      label: label || `Microphone ${index + 1}`,
    }));
  }

  /** Whether it hears. */
  get isCapturing(): boolean {
    return this.#running !== null && this.#starting === null;
  }

  /** How loud the last frame was: the root of the mean square, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  /** Whether it is switched off somewhere: in the system, or by a key of its own. */
  get muted(): boolean {
    return this.#zeros >= MUTED_FRAMES || (this.#running?.track.muted ?? false);
  }

  /** The microphone that runs, as {@link microphones} names it; undefined while none does. */
  get deviceId(): string | undefined {
    return this.#running?.track.getSettings().deviceId;
  }

  /**
   * Starts it and resolves when the first frame has come. Call it in a click.
   * @throws AlcoveError `unsupported` with what to do when it cannot be had or is not allowed, `timeout` when no sound
   *   comes, `cancelled` when it was stopped meanwhile
   */
  start(): Promise<void> {
    if (this.#starting) return this.#starting.promise;
    if (this.#running) return Promise.resolve();
    const abort = new AbortController();
    const promise = this.#begin(abort.signal).then(
      () => {
        this.#starting = null;
      },
      async (thrown: unknown) => {
        const { explained } = await errors();
        const error = explained(abort.signal.aborted ? abort.signal.reason : thrown);
        if (!abort.signal.aborted) this.#end(error);
        throw error;
      },
    );
    this.#starting = { promise, abort };
    return promise;
  }

  /** Stops it, and all taps with it; the device is free at once. */
  stop(): void {
    this.#end(stopped());
    this.#node?.port.postMessage({ kind: "end" } satisfies ToWorklet);
    this.#node = undefined;
    for (const tap of this.#taps.splice(0)) tap.close();
  }

  /**
   * Changes to another microphone, at once where one runs; taps stay.
   * @throws AlcoveError as {@link start}
   */
  async choose(deviceId: string): Promise<void> {
    this.#options = { ...this.#options, deviceId };
    if (!this.#running && !this.#starting) return;
    this.#end(stopped());
    await this.start();
  }

  /**
   * A port out of which every frame comes as a message `{samples, level}`: 512 samples, 32 ms. It can be handed to a
   * worker. It begins with the start and ends with {@link stop}, or once anything is posted to it.
   */
  tap(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#node) attach(this.#node, port1);
    else this.#taps.push(port1);
    return port2;
  }

  /**
   * What it hears from now on, frame by frame: 512 samples, 16,000 a second. It ends with the signal.
   * `alcove.transcribe` takes it.
   */
  frames(signal: AbortSignal): AsyncGenerator<Float32Array<ArrayBuffer>> {
    // From this moment on, whenever somebody begins to read.
    return read(this.tap(), signal);
  }

  async #begin(stopped: AbortSignal): Promise<void> {
    // Before anything is waited for: the click that wants it lets it run.
    const context = sound();
    const { devices, silent } = await beforeAbort(errors(), stopped);
    const media = devices();
    const worklet = loadWorklet(context);
    worklet.catch(() => undefined);
    const {
      deviceId,
      echoCancellation = true,
      noiseSuppression = true,
      autoGainControl = true,
    } = this.#options;
    const audio = {
      echoCancellation,
      noiseSuppression,
      autoGainControl,
      ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
    };
    const stream = await beforeAbort(
      media.getUserMedia({ audio, video: false }).then(ending(stopped)),
      stopped,
    );
    const [track] = stream.getAudioTracks() as [MediaStreamTrack];
    const source = context.createMediaStreamSource(stream);
    this.#running = { track, source, left: new AbortController() };
    this.#watch(this.#running);
    await beforeAbort(worklet, stopped);
    this.#node ??= this.#made(context);
    source.connect(this.#node);
    // What is connected to nothing may not be computed; it plays nothing.
    this.#node.connect(context.destination);
    await this.#firstFrame(() => silent(context.state !== "running"), stopped);
  }

  #made(context: AudioContext): AudioWorkletNode {
    const node = new AudioWorkletNode(context, NAME, { numberOfInputs: 1, numberOfOutputs: 1 });
    node.port.onmessage = ({ data }: MessageEvent<number>) => this.#hear(data);
    for (const tap of this.#taps.splice(0)) attach(node, tap);
    return node;
  }

  #firstFrame(missing: () => AlcoveError, stopped: AbortSignal): Promise<void> {
    const came = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(missing()), FIRST_FRAME_MS);
      const settle = () => {
        clearTimeout(timer);
        resolve();
      };
      this.addEventListener("level", settle, { once: true, signal: stopped });
      stopped.addEventListener("abort", () => clearTimeout(timer), { once: true });
    });
    return beforeAbort(came, stopped);
  }

  #hear(level: number): void {
    if (!this.#running) return;
    const muted = this.muted;
    this.#level = level;
    this.#zeros = level === 0 ? this.#zeros + 1 : 0;
    this.dispatchEvent(new CustomEvent("level", { detail: level }));
    if (this.muted !== muted) this.dispatchEvent(new Event(muted ? "unmuted" : "muted"));
  }

  #watch({ track, left: { signal } }: Running): void {
    const gone = async () => {
      const { unplugged } = await errors();
      if (this.#running?.track === track) this.#gone(unplugged());
    };
    track.addEventListener("ended", () => void gone(), { signal });
    track.addEventListener("mute", () => this.dispatchEvent(new Event("muted")), { signal });
    track.addEventListener("unmute", () => this.dispatchEvent(new Event("unmuted")), { signal });
    const leaving = () => this.#gone(new AlcoveError("cancelled", "The page was left."));
    window.addEventListener("pagehide", leaving, { signal });
  }

  /** Ends because of something that nobody asked for. */
  #gone(error: AlcoveError): void {
    const starting = this.#starting !== null;
    this.#end(error);
    if (!starting) this.dispatchEvent(new CustomEvent("ended", { detail: error }));
  }

  #end(error: AlcoveError): void {
    const [running, starting] = [this.#running, this.#starting];
    this.#running = null;
    this.#starting = null;
    this.#level = 0;
    this.#zeros = 0;
    running?.left.abort();
    running?.source.disconnect();
    running?.track.stop();
    starting?.abort.abort(error);
  }
}

const stopped = (): AlcoveError => new AlcoveError("cancelled", "The microphone was stopped.");

function read(port: MessagePort, signal: AbortSignal): AsyncGenerator<Float32Array<ArrayBuffer>> {
  return streamOf((push) => {
    port.onmessage = ({ data }: MessageEvent<SoundFrame>) => push(data.samples);
    return new Promise<void>((resolve) => {
      const end = () => {
        port.postMessage("close");
        port.close();
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    });
  });
}

function attach(node: AudioWorkletNode, tap: MessagePort): void {
  node.port.postMessage({ kind: "tap" } satisfies ToWorklet, [tap]);
}

/** @throws AlcoveError `download-failed` */
function loadWorklet(context: AudioContext): Promise<void> {
  const address = new URL(workerUrls().microphone, siteBase());
  loaded ??= context.audioWorklet.addModule(scriptUrl(address)).catch((thrown) => {
    loaded = undefined;
    throw new AlcoveError("download-failed", "A part of Alcove that hears could not be loaded.", {
      detail: String(thrown),
    });
  });
  return loaded;
}

/** A stream that comes too late is ended. */
const ending =
  (stopped: AbortSignal) =>
  (stream: MediaStream): MediaStream => {
    if (stopped.aborted) for (const track of stream.getTracks()) track.stop();
    return stream;
  };
