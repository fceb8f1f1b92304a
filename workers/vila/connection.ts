/**
 * A connection to a ViLA server that comes back: longer and longer pauses between tries, and an end where trying
 * again cannot help. Nothing is kept for a server that does not take it: whoever sends asks {@link free} first.
 */
import { AlcoveError } from "../wire/errors.ts";

const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** A server that says nothing for so long while we connect is not there. */
const CONNECT_MS = 15_000;
/** A connection that lived so long was a good one: the next pause is the first again. */
const GOOD_MS = 10_000;
/** What was sent and did not leave for so long never will: the other side is gone. */
const STUCK_MS = 20_000;
const MOST_WAITING_FRAMES = 2;
const MOST_TEXT = 10_000;

/** The codes after which the server would say the same again. */
const FINAL: Readonly<Record<number, readonly [message: string, action: string]>> = {
  1008: ["The server refuses the connection.", "Check the key, then start again."],
  1009: ["A frame is too large for the server.", "Send smaller frames, or a lower quality."],
};
const ENDS: Readonly<Record<number, string>> = {
  1000: "The server closed the connection.",
  1001: "The server is going away.",
  1011: "The server failed.",
  1012: "The server is starting again.",
  1013: "The server has too much to do.",
};

interface ConnectionEvents {
  /** `retryInMs` comes with `waiting`; `error` says why. */
  onState(
    state: "connecting" | "streaming" | "waiting" | "ended",
    error?: AlcoveError,
    retryInMs?: number,
  ): void;
  onCaption(text: string): void;
}

/** What a test replaces. */
interface ConnectionWorld {
  open(url: string): WebSocket;
  now(): number;
  /** Returns what cancels it. */
  later(work: () => void, ms: number): () => void;
  /** 0 up to 1. */
  chance(): number;
}

const browser = (): ConnectionWorld => ({
  open: (url) => new WebSocket(url),
  now: () => performance.now(),
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  chance: Math.random,
});

export class Connection {
  readonly #url: string;
  readonly #events: ConnectionEvents;
  readonly #world: ConnectionWorld;
  #socket: WebSocket | null = null;
  #cancelTimer: () => void = () => undefined;
  #pause = FIRST_PAUSE_MS;
  #waiting = false;
  #ended = false;
  #frameLength = 0;
  #stuckSince: number | null = null;
  #lastWaiting = 0;

  constructor(url: string, events: ConnectionEvents, world: ConnectionWorld = browser()) {
    this.#url = url;
    this.#events = events;
    this.#world = world;
  }

  start(): void {
    this.#connect();
  }

  /** Whether a frame can be sent now: the connection is open and done with those before. */
  get free(): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== 1) return false;
    this.#watch(socket);
    return socket.bufferedAmount <= MOST_WAITING_FRAMES * this.#frameLength;
  }

  send(message: string): void {
    this.#frameLength = message.length;
    this.#socket?.send(message);
  }

  /** What waits for its next try is tried now. */
  wake(): void {
    if (!this.#waiting) return;
    this.#pause = FIRST_PAUSE_MS;
    this.#connect();
  }

  close(): void {
    this.#end();
  }

  #end(error?: AlcoveError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    this.#drop(1000);
    this.#events.onState("ended", error);
  }

  /** Lets go of the socket: nothing is heard of it any more. */
  #drop(code?: number): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = socket.onerror = null;
    socket.close(code);
  }

  #connect(): void {
    this.#cancelTimer();
    this.#waiting = false;
    this.#stuckSince = null;
    this.#events.onState("connecting");
    let socket: WebSocket;
    try {
      socket = this.#world.open(this.#url);
    } catch (thrown) {
      // A browser forbids some addresses at once. What it says may hold the key.
      this.#end(thrown instanceof AlcoveError ? thrown : forbidden());
      return;
    }
    this.#socket = socket;
    let openSince: number | null = null;
    this.#cancelTimer = this.#world.later(() => this.#lost("The server does not answer.", null), CONNECT_MS);
    socket.onopen = () => {
      this.#cancelTimer();
      openSince = this.#world.now();
      this.#events.onState("streaming");
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    socket.onclose = ({ code }) => {
      const final = FINAL[code];
      if (final) this.#end(new AlcoveError("bad-request", final[0], { action: final[1], detail: `${code}` }));
      else if (openSince === null) this.#lost("The server is down or refused the key.", null);
      else this.#lost(ENDS[code] ?? "The connection broke off.", openSince, code);
    };
  }

  #lost(words: string, openSince: number | null, code?: number): void {
    this.#drop();
    this.#cancelTimer();
    if (openSince !== null && this.#world.now() - openSince > GOOD_MS) this.#pause = FIRST_PAUSE_MS;
    // Many clients that lost the same server must not come back at the same moment.
    const retryInMs = Math.round(this.#pause * (0.5 + this.#world.chance() / 2));
    this.#pause = Math.min(LAST_PAUSE_MS, 2 * this.#pause);
    this.#waiting = true;
    this.#cancelTimer = this.#world.later(() => this.#connect(), retryInMs);
    const error = new AlcoveError("download-failed", words, {
      action: "It is tried again by itself.",
      ...(code === undefined ? {} : { detail: `${code}` }),
    });
    this.#events.onState("waiting", error, retryInMs);
  }

  /** Gives a connection up that takes nothing any more, though nobody closed it. */
  #watch(socket: WebSocket): void {
    const { bufferedAmount } = socket;
    const now = this.#world.now();
    if (bufferedAmount === 0 || bufferedAmount < this.#lastWaiting) this.#stuckSince = null;
    else this.#stuckSince ??= now;
    this.#lastWaiting = bufferedAmount;
    if (this.#stuckSince !== null && now - this.#stuckSince >= STUCK_MS) {
      this.#lost("The server takes no frames any more.", null);
    }
  }

  /** Whatever is no reply of ViLA's is passed over. */
  #hear(data: unknown): void {
    if (typeof data !== "string") return;
    let text: unknown;
    try {
      text = (JSON.parse(data) as { vlm_reply?: unknown } | null)?.vlm_reply;
    } catch {
      return;
    }
    if (typeof text === "string" && text) this.#events.onCaption(text.slice(0, MOST_TEXT));
  }
}

const forbidden = (): AlcoveError =>
  new AlcoveError("bad-request", "This browser does not connect to this address.", {
    action: "Use wss://, or ws:// on this very device.",
  });
