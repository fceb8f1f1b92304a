/** What relay/tab.py sends; a `look` is followed by its JPEG as a binary message. */
export type RelayMessage =
  | { type: "clients"; clients: readonly RelayClient[] }
  | { type: "look"; id: number; client: number; prompt: string; maxTokens: number };

/** A robot or script that is connected. */
export interface RelayClient {
  id: number;
  /** What it calls itself. */
  name: string;
  frames: number;
  /** Frames that a newer one replaced before it was looked at. */
  dropped: number;
  /** What was no picture. */
  unreadable: number;
  replies: number;
}
