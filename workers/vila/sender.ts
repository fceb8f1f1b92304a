/** Frames on their way: asked for in time, encoded, and sent in order, or skipped where they cannot be. */
import type { Connection } from "./connection.ts";
import type { Frame, StreamRequest } from "./protocol.ts";

/** One is encoded while the next is taken. */
const MOST_AT_ONCE = 2;
/** A frame that was wanted and did not come is wanted again after this. */
const PATIENCE_MS = 1_000;

export class Sender {
  sent = 0;
  skipped = 0;
  readonly #request: StreamRequest;
  readonly #connection: Pick<Connection, "free" | "send">;
  readonly #encode: (frame: Frame, request: StreamRequest) => Promise<string>;
  readonly #want: () => void;
  #wanted: number | null = null;
  #encoding = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    request: StreamRequest,
    connection: Pick<Connection, "free" | "send">,
    encode: (frame: Frame, request: StreamRequest) => Promise<string>,
    want: () => void,
  ) {
    this.#request = request;
    this.#connection = connection;
    this.#encode = encode;
    this.#want = want;
  }

  /** It is time for a frame. `now`: in milliseconds of any clock. */
  tick(now: number): void {
    const waits = this.#wanted !== null && now - this.#wanted < PATIENCE_MS;
    if (!this.#connection.free || waits || this.#encoding >= MOST_AT_ONCE) {
      this.skipped += 1;
      return;
    }
    this.#wanted = now;
    this.#want();
  }

  /** The frame that was wanted, taken at `at` (`Date.now()`). */
  take(frame: Frame | null, at: number): void {
    this.#wanted = null;
    if (!frame) return;
    this.#encoding += 1;
    const encoded = this.#encode(frame, this.#request);
    this.#last = Promise.all([encoded, this.#last])
      .then(([text]) => {
        if (!this.#connection.free) {
          this.skipped += 1;
          return;
        }
        this.#connection.send(JSON.stringify({ timestamp: at / 1000, frame: text }));
        this.sent += 1;
      })
      .catch(() => {
        this.skipped += 1;
      })
      .finally(() => {
        this.#encoding -= 1;
      });
  }
}
