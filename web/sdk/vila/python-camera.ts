/** The cameras that Python's `om1_vlm.VideoStream` looks through; each stays on for as long as frames are asked for. */
import { workerUrls } from "../../../workers/build.ts";
import type { VideoFrameRequest } from "../../../workers/python/protocol.ts";
import type { VilaProtocol } from "../../../workers/vila/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { WorkerLink } from "../../../workers/wire/link.ts";
import { siteBase } from "../base.ts";
import { VideoCapture } from "../capture/camera.ts";
import { frameOf } from "./frame.ts";

/** Python that ended in the middle asks for no more frames, and does not say so. */
const IDLE_MS = 5_000;
const HANG_MS = 30_000;

const cameras = new Map<string, PythonCamera>();

/**
 * The next frame of a stream, which begins with the first; null while the camera has none.
 * @throws AlcoveError `unsupported` with what to do when the camera cannot be had or is not allowed
 */
export async function videoFrame(request: VideoFrameRequest): Promise<string | null> {
  const { stream } = request;
  if (request.stop) {
    cameras.get(stream)?.end();
    return null;
  }
  const camera = cameras.get(stream) ?? new PythonCamera(stream, request.device);
  cameras.set(stream, camera);
  return camera.next(request);
}

class PythonCamera {
  readonly #stream: string;
  readonly #starting: Promise<VideoCapture>;
  readonly #link: WorkerLink<VilaProtocol>;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(stream: string, device: number) {
    this.#stream = stream;
    this.#starting = started(device);
    this.#starting.catch(() => this.end());
    const url = new URL(workerUrls().vila, siteBase());
    this.#link = new WorkerLink(url, {
      title: "The camera's worker",
      hangMs: HANG_MS,
      onDeath: () => this.end(),
    });
  }

  async next({
    width,
    height,
    quality,
  }: {
    width: number;
    height: number;
    quality: number;
  }): Promise<string | null> {
    const { videoElement } = await this.#starting;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.end(), IDLE_MS);
    const frame = await frameOf(videoElement);
    if (!frame) return null;
    return this.#link.rpc.call("encode", { frame, width, height, quality }, { transfer: [frame] });
  }

  end(): void {
    clearTimeout(this.#idle);
    cameras.delete(this.#stream);
    this.#link.end(new AlcoveError("cancelled", "The stream was stopped."));
    void this.#starting.then(
      (capture) => capture.stop(),
      () => undefined,
    );
  }
}

/** The camera of that number; 0 is the one that the browser would give. */
async function started(device: number): Promise<VideoCapture> {
  const camera = device === 0 ? undefined : (await VideoCapture.cameras())[device];
  if (device !== 0 && !camera) {
    throw new AlcoveError("unsupported", `This device has no camera number ${device}.`, {
      action: "Use device_index=0.",
    });
  }
  const capture = new VideoCapture(camera ? { deviceId: camera.id } : {});
  await capture.start();
  return capture;
}
