/** What is looked at: a camera, a screen, a picture or a page, and whether it moves or stands still. */
import { ScreenCapture, VideoCapture } from "../../sdk/embed.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import type { Pdf } from "./pdf.ts";
import { fromFile, fromVideo, type Still } from "./still.ts";
import { w } from "./words.ts";

export type Kind = "camera" | "screen" | "picture" | "pdf";

type Capture = VideoCapture | ScreenCapture;

/** A camera that nobody sees is switched off; a screen is often shared by leaving this page. */
const HIDDEN_MS = { camera: 30_000, screen: 600_000 } as const;

/**
 * Emits `change` after every change, and `picture` when there is something new to look at: a stream began, or
 * another picture or page came.
 */
export class Source extends EventTarget {
  kind: Kind | null = null;
  /** What is being opened; the browser may be asking the person. */
  opening: Kind | null = null;
  capture: Capture | null = null;
  /** A picture, a page, or a frame of the stream that was frozen. */
  still: Still | null = null;
  pdf: Pdf | null = null;
  /** The page of the PDF, from 1. */
  page = 1;
  cameras: readonly { id: string; label: string }[] = [];
  failure: (Failure & { kind: Kind }) | null = null;
  /** Why the stream ended without the person's doing. */
  remark = "";
  #turn = 0;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  /** @param left aborts when nothing is looked at any more */
  constructor(left: AbortSignal) {
    super();
    document.addEventListener("visibilitychange", () => this.#watchHidden(), { signal: left });
  }

  get streams(): boolean {
    return this.capture !== null;
  }

  get frozen(): boolean {
    return this.capture !== null && this.still !== null;
  }

  /** The camera that runs, as `cameras` names it. */
  get deviceId(): string {
    return this.#settings?.deviceId ?? "";
  }

  /** A camera that looks at the person shows them as a mirror does. */
  get mirrored(): boolean {
    return this.kind === "camera" && this.#settings?.facingMode === "user";
  }

  get #settings(): MediaTrackSettings | undefined {
    const stream = this.capture?.videoElement.srcObject;
    return stream instanceof MediaStream ? stream.getVideoTracks()[0]?.getSettings() : undefined;
  }

  async openCamera(): Promise<void> {
    await this.#stream("camera", new VideoCapture());
    this.cameras = await VideoCapture.cameras().catch(() => []);
    this.#changed();
  }

  openScreen(): Promise<void> {
    return this.#stream("screen", new ScreenCapture());
  }

  flip(): Promise<void> {
    return this.#change((camera) => camera.flip());
  }

  /** Changes to one of `cameras`. */
  choose(camera: string): Promise<void> {
    return this.#change((capture) => capture.choose(camera));
  }

  /** Opens a picture, or a PDF at its first page. */
  openFile(file: File): Promise<void> {
    const isPdf = file.type === "application/pdf" || /\.pdf$/i.test(file.name);
    return isPdf ? this.#openPdf(file) : this.#openPicture(file);
  }

  async turnTo(page: number): Promise<void> {
    const { pdf } = this;
    if (!pdf || page < 1 || page > pdf.pages || page === this.page) return;
    await this.#open("pdf", async () => {
      const still = await pdf.page(page);
      return () => {
        this.page = page;
        this.#show(still);
      };
    });
  }

  /** Holds the frame of this moment; false when there is none. */
  freeze(): boolean {
    const video = this.capture?.videoElement;
    const still = video ? fromVideo(video, w.frozenFrame) : null;
    if (!still) return false;
    this.still = still;
    this.#changed();
    return true;
  }

  thaw(): void {
    if (!this.capture) return;
    this.still = null;
    this.#changed();
  }

  /** Lets go of everything: the browser's lamp goes out. */
  close(): void {
    this.#turn += 1;
    this.opening = null;
    this.#release();
    this.remark = "";
    this.failure = null;
    this.#changed();
  }

  dismissFailure(): void {
    this.failure = null;
    this.#changed();
  }

  #openPicture(file: File): Promise<void> {
    return this.#open("picture", async () => {
      const still = await fromFile(file);
      return () => {
        this.#release();
        this.kind = "picture";
        this.#show(still);
      };
    });
  }

  #openPdf(file: File): Promise<void> {
    let pdf: Pdf | undefined;
    return this.#open(
      "pdf",
      async () => {
        const { Pdf } = await import("./pdf.ts");
        const opened = await Pdf.open(file);
        pdf = opened;
        const still = await opened.page(1);
        return () => {
          this.#release();
          this.kind = "pdf";
          this.pdf = opened;
          this.page = 1;
          this.#show(still);
        };
      },
      () => pdf?.close(),
    );
  }

  async #change(work: (camera: VideoCapture) => Promise<void>): Promise<void> {
    const { capture } = this;
    if (!(capture instanceof VideoCapture)) return;
    this.still = null;
    await this.#open("camera", async () => {
      await work(capture);
      return () => this.dispatchEvent(new Event("picture"));
    });
    // It could not change, nor go back.
    if (capture === this.capture && !capture.isCapturing && this.opening === null) this.#release();
    this.#changed();
  }

  async #stream(kind: "camera" | "screen", capture: Capture): Promise<void> {
    // Many devices give a camera to one taker at a time.
    this.#release();
    await this.#open(
      kind,
      async () => {
        await capture.start();
        return () => {
          this.kind = kind;
          this.capture = capture;
          capture.addEventListener("ended", (event) => this.#ended(capture, event as CustomEvent));
          this.dispatchEvent(new Event("picture"));
        };
      },
      () => capture.stop(),
    );
  }

  /** Runs `work`, whose answer is put into effect unless something else was opened meanwhile. */
  async #open(kind: Kind, work: () => Promise<() => void>, giveUp?: () => void): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.opening = kind;
    this.failure = null;
    this.remark = "";
    this.#changed();
    try {
      const take = await work();
      if (turn !== this.#turn) giveUp?.();
      else take();
    } catch (thrown) {
      giveUp?.();
      const failure = toFailure(thrown);
      if (turn === this.#turn && failure.code !== "cancelled") this.failure = { ...failure, kind };
    } finally {
      if (turn === this.#turn) this.opening = null;
      this.#changed();
    }
  }

  #show(still: Still): void {
    this.still = still;
    this.dispatchEvent(new Event("picture"));
  }

  /** The stream ended by itself: unplugged, or no longer shared. */
  #ended(capture: Capture, { detail }: CustomEvent): void {
    if (capture !== this.capture) return;
    const failure = toFailure(detail);
    const kind = this.kind as Kind;
    this.#release();
    if (failure.code === "cancelled") this.remark = failure.message;
    else this.failure = { ...failure, kind };
    this.#changed();
  }

  #release(): void {
    this.capture?.stop();
    this.pdf?.close();
    this.capture = null;
    this.pdf = null;
    this.still = null;
    this.kind = null;
  }

  #watchHidden(): void {
    clearTimeout(this.#hidden);
    const { kind } = this;
    if (!document.hidden || (kind !== "camera" && kind !== "screen")) return;
    this.#hidden = setTimeout(() => {
      if (this.kind !== kind) return;
      this.#release();
      this.remark = kind === "camera" ? w.cameraAway : w.screenAway;
      this.#changed();
    }, HIDDEN_MS[kind]);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
