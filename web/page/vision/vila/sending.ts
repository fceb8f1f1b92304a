/** Frames to the person's ViLA server: what is set up, the person's consent, the stream, and what it says. */
import type { VilaCaption, VilaStatus, VilaStream } from "../../../sdk/embed.ts";
import { type Alcove, AlcoveError, type VilaServer } from "../../../sdk/index.ts";
import { type Failure, toFailure } from "../../kit/failure.ts";
import type { Source } from "../source.ts";

const MOST_CAPTIONS = 20;

type Kept = Awaited<ReturnType<VilaServer["get"]>>;

/** Emits `change`. */
export class Sending extends EventTarget {
  /** What is set up; undefined until that is known. */
  server: Kept | undefined;
  /** The person is being asked whether frames may leave. */
  asking = false;
  /** Of the stream that runs, or ran last. */
  status: VilaStatus | null = null;
  /** Newest first. */
  captions: readonly VilaCaption[] = [];
  failure: Failure | null = null;
  readonly #alcove: Promise<Alcove>;
  readonly #source: Source;
  /** The hosts to which frames may go, for as long as this page lives. */
  static readonly #allowed = new Set<string>();
  #stream: VilaStream | null = null;
  #starting = 0;

  constructor(alcove: Promise<Alcove>, source: Source) {
    super();
    this.#alcove = alcove;
    this.#source = source;
    source.addEventListener("change", () => this.#watch());
    void this.#read().catch(() => undefined);
  }

  /** Frames leave this device, or will once the server is there. */
  get on(): boolean {
    return this.#stream !== null;
  }

  /** Begins to send, once the person has allowed it for this host. */
  async start(): Promise<void> {
    const { server } = this;
    if (!server || this.on || !this.#source.streams || this.#source.frozen) return;
    if (!Sending.#allowed.has(server.host)) {
      this.asking = true;
      this.#changed();
      return;
    }
    await this.#begin();
  }

  /** The person's answer. */
  async allow(yes: boolean): Promise<void> {
    this.asking = false;
    if (yes && this.server) {
      Sending.#allowed.add(this.server.host);
      await this.#begin();
    }
    this.#changed();
  }

  stop(): void {
    this.#starting += 1;
    this.asking = false;
    this.#stream?.stop();
    this.#stream = null;
    this.#changed();
  }

  save(url: string, apiKey: string): Promise<boolean> {
    return this.#try((server) => server.set({ url, ...(apiKey ? { apiKey } : {}) }));
  }

  forget(): Promise<boolean> {
    this.stop();
    this.status = null;
    this.captions = [];
    return this.#try((server) => server.forget());
  }

  async #begin(): Promise<void> {
    const turn = ++this.#starting;
    const { capture } = this.#source;
    if (!capture) return;
    this.failure = null;
    this.captions = [];
    try {
      const server = await (await this.#alcove).vila();
      const stream = await server.stream({
        capture,
        onCaption: (caption) => {
          if (this.#stream !== stream) return;
          this.captions = [caption, ...this.captions].slice(0, MOST_CAPTIONS);
          this.#changed();
        },
        onStatus: (status) => {
          if (this.#stream === stream) this.#hear(status);
        },
      });
      if (turn !== this.#starting || !this.#source.streams || this.#source.frozen) return;
      // Another tab may have set up another server, to which nobody has allowed anything here.
      if (stream?.host !== this.server?.host) {
        await this.#read();
        if (turn === this.#starting) this.asking = this.server !== null;
        return this.#changed();
      }
      this.#stream = stream;
      stream?.start();
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.#changed();
  }

  #hear(status: VilaStatus): void {
    this.status = status;
    if (status.state === "ended") {
      this.#stream = null;
      if (status.error) this.failure = toFailure(AlcoveError.from(status.error));
    }
    this.#changed();
  }

  /** What is not shown as it is any more is not sent either. */
  #watch(): void {
    if ((this.on || this.asking) && (!this.#source.streams || this.#source.frozen)) this.stop();
  }

  async #read(): Promise<void> {
    this.server = await (await (await this.#alcove).vila()).get();
    this.#changed();
  }

  async #try(work: (server: VilaServer) => Promise<void>): Promise<boolean> {
    this.failure = null;
    try {
      await work(await (await this.#alcove).vila());
      await this.#read();
      return true;
    } catch (thrown) {
      this.failure = toFailure(thrown);
      this.#changed();
      return false;
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
