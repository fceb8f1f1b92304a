/**
 * The page's side of `build.py vila`: the vision model of this tab answers frames of robots and scripts. It goes on
 * while the tab is hidden, and while another tab of the page is open. Its other side is relay/tab.py.
 */
import type { Alcove, Eye } from "../../../sdk/index.ts";
import { type Failure, toFailure } from "../../kit/failure.ts";
import type { RelayClient, RelayMessage } from "./protocol.ts";

/** How long after a lost connection the next is tried. */
const AGAIN_MS = 2_000;
/** As relay/tab.py says it: the connection went to another tab. */
const ANOTHER_TAB = "another tab";

/** `taken`: another tab answers now; `ended`: the person ended it. */
export type RelayState = "connecting" | "on" | "lost" | "taken" | "ended";

/** What was seen last. */
interface LastLook {
  client: number;
  /** Of the frame. */
  url: string;
  text: string;
  ms: number;
  at: Date;
}

/** What a test replaces. */
interface RelayWorld {
  fetch: typeof fetch;
  WebSocket: typeof WebSocket;
  pictureUrl: (frame: Blob) => string;
  forgetUrl: (url: string) => void;
  again: number;
}

const browser = (): RelayWorld => ({
  fetch: (input, init) => fetch(input, init),
  WebSocket,
  pictureUrl: (frame) => URL.createObjectURL(frame),
  forgetUrl: (url) => URL.revokeObjectURL(url),
  again: AGAIN_MS,
});

/** The port of the relay that this page was opened from: it stands in the address of a page of this very machine. */
export function relayPort({ hostname, search }: Pick<Location, "hostname" | "search">): number | null {
  const port = Number(new URLSearchParams(search).get("vila") ?? Number.NaN);
  const here = hostname === "127.0.0.1" || hostname === "localhost";
  return here && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

/** Emits `change`. */
export class RelayConnection extends EventTarget {
  readonly port: number;
  state: RelayState = "connecting";
  clients: readonly RelayClient[] = [];
  last: LastLook | null = null;
  /** Why the last look failed. */
  failure: Failure | null = null;
  readonly #alcove: Promise<Alcove>;
  readonly #model: () => string | undefined;
  readonly #world: RelayWorld;
  #run: AbortController | null = null;
  #eye: { model: string | undefined; opened: Promise<Eye> } | null = null;

  /** @param model the one that looks; it may be another one each time */
  constructor(
    port: number,
    alcove: Promise<Alcove>,
    model: () => string | undefined,
    world: RelayWorld = browser(),
  ) {
    super();
    this.port = port;
    this.#alcove = alcove;
    this.#model = model;
    this.#world = world;
  }

  /** Where robots connect. */
  get address(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Connects, and again whenever the connection is lost, until {@link end}. */
  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    void this.#keep(run.signal);
  }

  /** Ends it: robots stay connected to the relay and hear nothing. */
  end(): void {
    this.#stop("ended");
  }

  #stop(state: "ended" | "taken"): void {
    this.#run?.abort();
    this.#run = null;
    this.clients = [];
    this.#letGo();
    this.#set(state);
  }

  /** The model need not stay loaded for it any more. */
  #letGo(): void {
    void this.#eye?.opened.then((eye) => eye.close()).catch(() => undefined);
    this.#eye = null;
  }

  async #keep(ended: AbortSignal): Promise<void> {
    for (this.#set("connecting"); !ended.aborted; ) {
      await this.#connect(ended).catch(() => undefined);
      if (ended.aborted) return;
      this.clients = [];
      this.#set("lost");
      await new Promise((resolve) => setTimeout(resolve, this.#world.again));
    }
  }

  /** Resolves when the connection ended; rejects where there was none. */
  async #connect(ended: AbortSignal): Promise<void> {
    const { fetch, WebSocket } = this.#world;
    // A token opens one connection, and is given to this page only.
    const answer = await fetch(`http://127.0.0.1:${this.port}/alcove/token`, { signal: ended });
    const { token } = (await answer.json()) as { token: string };
    ended.throwIfAborted();
    const socket = new WebSocket(`${this.address}/alcove?token=${encodeURIComponent(token)}`);
    socket.binaryType = "blob";
    const stop = () => socket.close(1000);
    ended.addEventListener("abort", stop);
    // Nobody hears what is still looked at for a connection that is lost; the next one's looks would wait for it.
    const lost = new AbortController();
    const over = AbortSignal.any([ended, lost.signal]);
    let asked: (RelayMessage & { type: "look" }) | null = null;
    await new Promise<void>((resolve) => {
      socket.onopen = () => this.#set("on");
      socket.onmessage = ({ data }: MessageEvent<string | Blob>) => {
        if (ended.aborted) return;
        if (typeof data === "string") {
          const message = JSON.parse(data) as RelayMessage;
          if (message.type === "look") asked = message;
          else {
            this.clients = message.clients;
            this.#changed();
          }
        } else if (asked) void this.#look(socket, asked, data, over);
      };
      socket.onclose = ({ code, reason }) => {
        if (!ended.aborted && code === 1000 && reason === ANOTHER_TAB) this.#stop("taken");
        lost.abort();
        resolve();
      };
    });
    ended.removeEventListener("abort", stop);
  }

  async #look(
    socket: WebSocket,
    { id, client, prompt, maxTokens }: RelayMessage & { type: "look" },
    frame: Blob,
    over: AbortSignal,
  ): Promise<void> {
    const began = performance.now();
    let said: { type: "answer"; text: string } | { type: "failed" };
    try {
      const eye = await this.#open();
      const picture = new Blob([frame], { type: "image/jpeg" });
      const result = await eye.describe(picture, prompt, { maxTokens, signal: over });
      if (over.aborted) return;
      const text = result.text.trim();
      said = { type: "answer", text };
      if (this.last) this.#world.forgetUrl(this.last.url);
      const url = this.#world.pictureUrl(frame);
      this.last = { client, url, text, ms: performance.now() - began, at: new Date() };
      this.failure = null;
    } catch (thrown) {
      if (over.aborted) return;
      said = { type: "failed" };
      this.failure = toFailure(thrown);
    }
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ...said, id }));
    this.#changed();
  }

  /** The eye of the model that is chosen now. */
  #open(): Promise<Eye> {
    const model = this.#model();
    if (!this.#eye || this.#eye.model !== model) {
      this.#letGo();
      const opened = this.#alcove.then((alcove) => alcove.openVision(model ? { model } : {}));
      this.#eye = { model, opened };
      opened.catch(() => {
        if (this.#eye?.opened === opened) this.#eye = null;
      });
    }
    return this.#eye.opened;
  }

  #set(state: RelayState): void {
    this.state = state;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
