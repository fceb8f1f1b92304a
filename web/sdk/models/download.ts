/** What is told of a model's download. */
import type { ErrorData } from "../../../workers/wire/errors.ts";

export type DownloadState = "queued" | "running" | "paused" | "failed" | "done";

/** A model's download; a new object whenever something changed. */
export interface Download {
  /** The model's. */
  id: string;
  name: string;
  state: DownloadState;
  /** What came so far, of how much; `total` is 0 while unknown. */
  bytes: number;
  total: number;
  /** By the speed of the last seconds; null while that is not known. */
  secondsLeft: number | null;
  /** Why it is paused: by the person, for want of a network (it goes on by itself), or because the page was closed. */
  why?: "person" | "network" | "closed";
  /** Milliseconds since 1970 until which the server wants to be left alone, while it waits for that. */
  waitsUntil?: number;
  /** What went wrong, of one that failed or lost the network. What came is kept: `resume` goes on with it. */
  error?: ErrorData;
  /** Another tab of this browser fetches it. */
  elsewhere: boolean;
}
