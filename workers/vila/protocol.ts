/** What the page asks of the worker that sends frames to a ViLA server. */
import type { ErrorData } from "../wire/errors.ts";
import type { NoArgs, Operation } from "../wire/rpc.ts";

/** A picture of this moment, which moves to the worker and is closed there. */
export type Frame = VideoFrame | ImageBitmap;

export interface FrameFormat {
  /** The most that is sent, in pixels; the picture keeps its shape. */
  width: number;
  height: number;
  /** Of the JPEG, 1 to 100. */
  quality: number;
}

export interface StreamRequest extends FrameFormat {
  /** With the key. */
  url: string;
  fps: number;
}

/** `waiting`: the connection is lost, and tried again after a while. */
type StreamState = "connecting" | "streaming" | "waiting" | "ended";

export interface StreamStatus {
  state: StreamState;
  /** Frames that were sent. */
  sent: number;
  /** Frames that were not, because the connection was not done with those before. */
  skipped: number;
  replies: number;
  /** Why it waits or ended; an `ended` without it was asked for. */
  error?: ErrorData;
  /** Milliseconds until the next try. */
  retryInMs?: number;
}

export type StreamItem =
  /** A frame is wanted now: `frame` is to bring it. */
  { type: "want" } | { type: "status"; status: StreamStatus } | { type: "caption"; text: string };

export type VilaProtocol = {
  /** Streams until it is cancelled; replies when it ended by itself, for good. One at a time. */
  stream: Operation<StreamRequest, void, StreamItem>;
  /** Brings the frame that was wanted, taken at `at` (`Date.now()`); null where there is none now. */
  frame: Operation<{ frame: Frame | null; at: number }, void>;
  /** The network or the person is back: what waits is tried at once. */
  wake: Operation<NoArgs, void>;
  /** A frame as a JPEG in base64. */
  encode: Operation<FrameFormat & { frame: Frame }, string>;
};
