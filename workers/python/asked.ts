/** What Python may ask of the page's eyes, ears and voice (`py_app/bridge.py`). */

/** A picture as it crosses to Python, and as the transcript keeps it. */
export interface EncodedPicture {
  media_type: string;
  /** Base64. */
  data: string;
}

/**
 * A picture that a vision model is to look at, and that is read, unless `read` is false. `session`: whose turn waits for
 * it.
 */
export interface SeeRequest {
  session?: string;
  image: EncodedPicture;
  prompt: string;
  model?: string;
  max_tokens?: number;
  read?: boolean;
}

/** `stop` ends a stream; so does nobody asking for a frame of it for a while. */
export type VideoFrameRequest =
  | { stream: string; stop: true }
  | { stream: string; stop?: never; device: number; width: number; height: number; quality: number };

export interface CaptureRequest {
  source: "camera" | "screen";
}

export interface HearRequest {
  /** A sound file in base64; left out, what the person says next is heard. */
  audio?: string;
  /** The code of the language ("en"). */
  language?: string;
}

export interface SayRequest {
  text: string;
  voice?: string;
  /** From 0.5 to 2. */
  rate?: number;
  /** It is played; else it is given as a file. */
  aloud: boolean;
}
