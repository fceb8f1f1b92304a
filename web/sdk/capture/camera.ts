/** The camera as single pictures. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { MediaCapture } from "./media-capture.ts";

export interface VideoCaptureOptions {
  /** "environment" (default) looks away from the person, "user" at them. */
  facingMode?: "user" | "environment";
  /** One camera of {@link VideoCapture.cameras}; it comes before `facingMode`. */
  deviceId?: string;
  /** What to ask the camera for, in pixels; default 640 × 480. */
  idealWidth?: number;
  idealHeight?: number;
}

export interface Camera {
  id: string;
  /** Its name, or "Camera 1" while the browser does not tell. */
  label: string;
}

const opposite = { user: "environment", environment: "user" } as const;

/**
 * The person's camera. `start()` resolves when frames have a size, and `captureFrame()` answers null when there is
 * none. Emits "ended" when the camera is unplugged or the page is left.
 */
export class VideoCapture extends MediaCapture {
  #options: VideoCaptureOptions;

  constructor(options: VideoCaptureOptions = {}) {
    super();
    this.#options = options;
  }

  /**
   * The cameras of this device; their names are known once the person has allowed one.
   * @throws AlcoveError `unsupported` where the browser gives no camera to this page
   */
  static async cameras(): Promise<Camera[]> {
    const devices = await media().enumerateDevices();
    return devices
      .filter(({ kind }) => kind === "videoinput")
      .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `Camera ${index + 1}` }));
  }

  get facingMode(): "user" | "environment" {
    return this.#options.facingMode ?? "environment";
  }

  /** The camera that runs, as {@link VideoCapture.cameras} names it; undefined while none does. */
  get deviceId(): string | undefined {
    return this.track?.getSettings().deviceId;
  }

  /** Native size of the picture; 0 before there is one. */
  get videoWidth(): number {
    return this.videoElement.videoWidth;
  }

  get videoHeight(): number {
    return this.videoElement.videoHeight;
  }

  /**
   * Changes to another camera, at once where one runs.
   * @throws AlcoveError as `start()`; the camera before runs again then, if it can
   */
  async choose(deviceId: string): Promise<void> {
    const { facingMode: _, ...rest } = this.#options;
    await this.#change({ ...rest, deviceId });
  }

  /**
   * Changes to the camera that looks the other way; where the device does not know which does, to the next one.
   * @throws AlcoveError `unsupported` when there is only one camera, and as `start()`
   */
  async flip(): Promise<void> {
    const before = this.deviceId;
    const cameras = await VideoCapture.cameras();
    if (cameras.length < 2) {
      throw new AlcoveError("unsupported", "This device has only one camera.", {
        action: "Connect another one to change between them.",
      });
    }
    const { deviceId: chosen, ...rest } = this.#options;
    const facingMode = opposite[this.facingMode];
    const knowsSides = this.track?.getSettings().facingMode !== undefined;
    const at = cameras.findIndex(({ id }) => id === (before ?? chosen));
    const next = cameras[(at + 1) % cameras.length] as Camera;
    await this.#change(knowsSides ? { ...rest, facingMode } : { ...rest, facingMode, deviceId: next.id });
  }

  async #change(options: VideoCaptureOptions): Promise<void> {
    const before = this.#options;
    this.#options = options;
    if (!this.isCapturing) return;
    // Many phones have one camera open at a time.
    this.stop();
    try {
      await this.start();
    } catch (thrown) {
      if (thrown instanceof AlcoveError && thrown.code !== "cancelled") {
        this.#options = before;
        await this.start().catch(() => undefined);
      }
      throw thrown;
    }
  }

  protected override async request(): Promise<MediaStream> {
    const { deviceId, idealWidth = 640, idealHeight = 480 } = this.#options;
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: this.facingMode } };
    const video = { ...which, width: { ideal: idealWidth }, height: { ideal: idealHeight } };
    return media().getUserMedia({ audio: false, video });
  }

  protected override explain(thrown: unknown): AlcoveError {
    const name = thrown instanceof Error ? thrown.name : "";
    const [message, action] = WORDS[name] ?? [
      "The camera did not start.",
      "Try again, or use a picture instead.",
    ];
    return new AlcoveError("unsupported", message, { action, detail: String(thrown) });
  }

  protected override lost(): AlcoveError {
    return new AlcoveError("unsupported", "The camera went away.", {
      action: "Plug it in again or choose another one, then start it again.",
    });
  }
}

const DENIED = [
  "The camera is not allowed here.",
  "Allow it for this page (the sign beside the address) and in the settings of this device, then try again.",
] as const;
const MISSING = ["There is no camera.", "Connect one, or use a picture instead."] as const;
const TAKEN = [
  "The camera cannot be read: another program may be using it.",
  "Close what else uses it, then try again.",
] as const;

/** By the name of the exception. */
const WORDS: Readonly<Record<string, readonly [message: string, action: string]>> = {
  NotAllowedError: DENIED,
  SecurityError: DENIED,
  NotFoundError: MISSING,
  DevicesNotFoundError: MISSING,
  OverconstrainedError: ["This camera is not there any more.", "Choose another one."],
  NotReadableError: TAKEN,
  TrackStartError: TAKEN,
  AbortError: TAKEN,
};

/** The browser's devices. @throws AlcoveError `unsupported` where this page gets none */
function media(): MediaDevices {
  if (navigator.mediaDevices) return navigator.mediaDevices;
  throw window.isSecureContext
    ? new AlcoveError("unsupported", "This browser has no camera for web pages.", {
        action: "Use another browser, or a picture instead.",
      })
    : new AlcoveError("unsupported", "The browser gives the camera to secure pages only.", {
        action: "Open this page by https:// or from localhost.",
      });
}
