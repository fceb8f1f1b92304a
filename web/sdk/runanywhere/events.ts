/**
 * `EventBus`: what happens in the SDK, by name. RunAnywhere's documents read an event's facts from its `data`, its
 * releases from the event itself: here both are there.
 */
import { SDKLogger } from "./logger.ts";

export const SDKEventType = {
  Initialization: "initialization",
  Configuration: "configuration",
  Generation: "generation",
  Model: "model",
  Voice: "voice",
  Storage: "storage",
  Framework: "framework",
  Device: "device",
  Error: "error",
  Performance: "performance",
  Network: "network",
} as const;
export type SDKEventType = (typeof SDKEventType)[keyof typeof SDKEventType];

/** The facts of each event; bytes and milliseconds, `progress` from 0 to 1. */
export interface SDKEventMap {
  "sdk.initialized": { environment: string };
  "model.registered": { count: number };
  "model.downloadStarted": { modelId: string; url: string };
  "model.downloadProgress": {
    modelId: string;
    progress: number;
    bytesDownloaded: number;
    totalBytes: number;
    stage: string;
  };
  "model.downloadCompleted": { modelId: string; sizeBytes?: number };
  "model.downloadFailed": { modelId: string; error: string };
  "model.imported": { modelId: string; sizeBytes: number };
  "model.loadStarted": { modelId: string; category: string };
  "model.loadCompleted": { modelId: string; category: string; loadTimeMs: number };
  "model.loadFailed": { modelId: string; error: string };
  "model.unloaded": { modelId: string; category: string };
  "model.quotaExceeded": { modelId: string; availableBytes: number; neededBytes: number };
  "model.evicted": { modelId: string; modelName: string; freedBytes: number };
  "generation.started": { prompt: string };
  "generation.completed": { tokensUsed: number; latencyMs: number };
  "generation.failed": { error: string };
  "embeddings.generated": { numEmbeddings: number; dimension: number; processingTimeMs: number };
  "vlm.processed": { tokensPerSecond: number; totalTokens: number; hardwareUsed: string };
}

type Facts = Record<string, unknown>;

export interface SDKEventEnvelope<Data = Facts> {
  type: string;
  category: SDKEventType | string;
  /** Milliseconds since 1970. */
  timestamp: number;
  data: Data;
}

/** The facts are there twice: in `data`, and beside it. */
export type SDKEvent<Data = Facts> = SDKEventEnvelope<Data> & Data;

type Name = keyof SDKEventMap | (string & {});
type DataOf<K extends Name> = K extends keyof SDKEventMap ? SDKEventMap[K] : Facts;
export type EventListener<E = SDKEvent> = (event: E) => void;
export type Unsubscribe = () => void;

const logger = new SDKLogger("EventBus");

export class EventBus {
  static #shared: EventBus | undefined;

  static get shared(): EventBus {
    EventBus.#shared ??= new EventBus();
    return EventBus.#shared;
  }

  /** Forgets the shared bus and its listeners. */
  static reset(): void {
    EventBus.#shared?.removeAll();
    EventBus.#shared = undefined;
  }

  readonly #listeners = new Map<string, Set<EventListener<never>>>();
  readonly #any = new Set<EventListener>();

  /** @returns a function that ends it */
  on<K extends Name>(name: K, listener: EventListener<SDKEvent<DataOf<K>>>): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onAny(listener: EventListener): Unsubscribe {
    this.#any.add(listener);
    return () => this.#any.delete(listener);
  }

  once<K extends Name>(name: K, listener: EventListener<SDKEvent<DataOf<K>>>): Unsubscribe {
    const end = this.on(name, (event) => {
      end();
      listener(event);
    });
    return end;
  }

  /** A listener that throws is told to the log; the others hear the event all the same. */
  emit<K extends Name>(name: K, category: SDKEventType, data?: DataOf<K>): void {
    const facts = (data ?? {}) as Facts;
    const event: SDKEvent = { type: name, category, timestamp: Date.now(), data: facts, ...facts };
    const listeners = [...(this.#listeners.get(name) ?? []), ...this.#any] as EventListener[];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (thrown) {
        logger.error(`A listener of ${name} failed: ${thrown}`);
      }
    }
  }

  removeAll(): void {
    this.#listeners.clear();
    this.#any.clear();
  }
}

/** Says to whoever listens what happened. */
export function emit<K extends keyof SDKEventMap>(name: K, data: SDKEventMap[K]): void {
  const [part] = name.split(".");
  const category = { sdk: SDKEventType.Initialization, model: SDKEventType.Model }[part ?? ""];
  EventBus.shared.emit(name, category ?? SDKEventType.Generation, data as DataOf<K>);
}
