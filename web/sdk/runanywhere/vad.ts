/** RunAnywhere's `VAD`: speech in samples that a page hands over. The network runs in a worker of its own. */
import type { ActivityClient, Listening } from "../../../workers/activity/client.ts";
import { type ActivityEvent, SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { siteBase } from "../base.ts";

export const SpeechActivity = { Started: "started", Ended: "ended", Ongoing: "ongoing" } as const;
export type SpeechActivity = (typeof SpeechActivity)[keyof typeof SpeechActivity];

export interface VADModelConfig {
  /** Any path of Silero's model: Alcove has its own. */
  modelPath: string;
  /** Probability from which on it is speech; default 0.5. */
  threshold?: number;
  /** Seconds of silence that end a segment; default 0.5. */
  minSilenceDuration?: number;
  /** Seconds; less speech is none. Default 0.25. */
  minSpeechDuration?: number;
  /** Seconds after which a segment ends whatever comes; default 5. */
  maxSpeechDuration?: number;
  /** Of the samples; default 16,000. */
  sampleRate?: number;
  /** Accepted; Alcove's frames are 512 samples. */
  windowSize?: number;
}

export interface SpeechSegment {
  /** The sample, at 16,000 a second, with which it begins. */
  startTime: number;
  samples: Float32Array;
}

/** Segments that nobody took; older ones go. */
const MOST_SEGMENTS = 100;

/** A worker that dies more often than this before anybody spoke is given up. */
const MAX_RESTARTS = 2;

type Parts = typeof import("../../../workers/activity/client.ts");

interface Detector {
  client: ActivityClient;
  listening: Listening;
  push: (samples: Float32Array) => void;
}

class Detection {
  #detector: Detector | null = null;
  /** The last that was asked for: another may have been, or none any more, while one comes. */
  #asked: object | null = null;
  #deaths = 0;
  readonly #callbacks = new Set<(activity: SpeechActivity) => void>();
  #segments: SpeechSegment[] = [];
  #active = false;

  /** As the peer's later versions call it. */
  readonly loadModel = (config: VADModelConfig): Promise<void> => this.initialize(config);

  /**
   * @throws AlcoveError `unsupported` for another model than Silero's; `cancelled` where it was cleaned up or initialized
   *   anew meanwhile; `download-failed`, `engine-crashed`
   */
  async initialize(config: VADModelConfig): Promise<void> {
    if (!/silero/i.test(config.modelPath)) {
      throw new AlcoveError("unsupported", `Alcove cannot run "${config.modelPath}".`, {
        action: "Name Silero's model: Alcove brings it.",
      });
    }
    this.cleanup();
    const asked = {};
    this.#asked = asked;
    // What it takes comes when it is first asked for.
    const parts = await import("../../../workers/activity/client.ts");
    if (this.#asked !== asked) throw new AlcoveError("cancelled", "Stopped.");
    const detector = this.#opened(config, parts);
    this.#detector = detector;
    await detector.client.load();
  }

  get isInitialized(): boolean {
    return this.#detector !== null;
  }

  /** Whether somebody speaks, in what has been looked at so far. */
  get isSpeechActive(): boolean {
    return this.#active;
  }

  /** Returns what takes the callback away again. */
  onSpeechActivity(callback: (activity: SpeechActivity) => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /**
   * Hands samples over. They are looked at in a worker, so what comes of them is told a moment later.
   * @returns whether somebody spoke at the end of what had been looked at
   */
  processSamples(samples: Float32Array): boolean {
    this.#detector?.push(samples);
    return this.#active;
  }

  /** The oldest segment that nobody took; null when there is none. */
  popSpeechSegment(): SpeechSegment | null {
    return this.#segments.shift() ?? null;
  }

  /** Ends the segment under way. */
  flush(): void {
    this.#detector?.listening.release();
  }

  /** Forgets what it heard. */
  reset(): void {
    this.#segments = [];
    this.#active = false;
    this.#detector?.listening.forget();
  }

  cleanup(): void {
    this.reset();
    this.#detector?.client.close();
    this.#detector = null;
    this.#asked = null;
    this.#deaths = 0;
  }

  #opened(config: VADModelConfig, parts: Parts): Detector {
    const { threshold = 0.5, sampleRate = SPEECH_RATE } = config;
    const { minSilenceDuration = 0.5, minSpeechDuration = 0.25, maxSpeechDuration = 5 } = config;
    const client = new parts.ActivityClient(siteBase());
    const { port, push } = parts.feed(sampleRate);
    const options = {
      threshold,
      silenceMs: minSilenceDuration * 1000,
      pauseMs: minSilenceDuration * 1000,
      minSpeechMs: minSpeechDuration * 1000,
      maxSpeechMs: maxSpeechDuration * 1000,
    };
    const detector: Partial<Detector> = { client, push };
    detector.listening = client.listen(
      port,
      options,
      (event) => this.#hear(event),
      () => {
        client.close();
        if (this.#detector?.client !== client) return;
        this.#tell(false);
        // A worker that died is replaced; whoever was speaking is heard anew.
        this.#detector = this.#deaths++ < MAX_RESTARTS ? this.#opened(config, parts) : null;
      },
    );
    return detector as Detector;
  }

  #hear(event: ActivityEvent): void {
    if (event.kind === "started") {
      this.#deaths = 0;
      this.#tell(true);
    }
    if (event.kind === "frame" && this.#active) this.#call(SpeechActivity.Ongoing);
    if (event.kind === "ended") {
      const startTime = Math.round(event.at * SPEECH_RATE);
      this.#segments = [...this.#segments, { startTime, samples: event.samples }].slice(-MOST_SEGMENTS);
    }
    if (event.kind === "ended" || event.kind === "dropped") this.#tell(false);
  }

  #tell(active: boolean): void {
    if (active === this.#active) return;
    this.#active = active;
    this.#call(active ? SpeechActivity.Started : SpeechActivity.Ended);
  }

  #call(activity: SpeechActivity): void {
    for (const callback of this.#callbacks) callback(activity);
  }
}

export const VAD = new Detection();
