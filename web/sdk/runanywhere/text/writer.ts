/** The model that writes for RunAnywhere's names, and what ends all that it writes. */
import type { HardwareAcceleration, LLMFramework } from "../names.ts";

export interface Writer {
  id: string;
  framework: LLMFramework;
  hardware: HardwareAcceleration;
}

let loaded: Writer | undefined;
let stop = new AbortController();

export const writer = (): Writer | undefined => loaded;

export function setWriter(model: Writer | undefined): void {
  loaded = model;
}

/** Aborts with the next {@link stopAll}. */
export const stopped = (): AbortSignal => stop.signal;

export function stopAll(): void {
  stop.abort();
  stop = new AbortController();
}
