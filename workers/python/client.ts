/**
 * The page's side of the Python worker: starts it, replaces it when it dies, and turns a turn into a
 * stream of events.
 */
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import { type CallOptions, type Handlers, type RpcClient, serve } from "../wire/rpc.ts";
import { streamOf } from "../wire/stream.ts";
import type {
  ActivityEntry,
  BootProgress,
  BundleChanges,
  BundleFile,
  InstalledWheel,
  InstallReport,
  OpenedSession,
  PageProtocol,
  Prompt,
  PythonProtocol,
  ReadBundle,
  SessionConfig,
  TranscriptMessage,
  TranscriptRecord,
  TurnEvent,
  UsedTool,
} from "./protocol.ts";

/** Python may compute for a while without answering a ping. */
const HANG_MS = 120_000;
const BOOT_MS = 120_000;
/** A turn may wait for a download, or for a person who has to approve something. */
const TURN_IDLE_MS = 3_600_000;
/** A worker that does not even hear a cancel is busy in Python code that never yields. */
const CANCEL_MS = 5_000;
/** An installation says something as bytes come. */
const INSTALL_IDLE_MS = 120_000;
/** A large bundle is read in seconds; each of its modules has ten. */
const BUNDLE_MS = 30_000;
/** More deaths than this in a row, none of which got as far as a boot, and the worker stays down. */
const MAX_RESTARTS = 2;

/** How long something may take in Python. */
interface Limits {
  signal?: AbortSignal;
  /** Milliseconds. */
  timeoutMs?: number;
}

interface PythonClientOptions {
  url: URL;
  /** Absolute URL of the root of the built site. */
  base: string;
  /** Addresses that code in Python may ask; see OpenOptions. */
  connect: readonly string[];
  /** Answers what Python asks of the page. */
  host: Handlers<PageProtocol>;
  onProgress: (progress: BootProgress) => void;
  /** The worker died; it is being replaced and every session has to be opened again. */
  onDeath: (error: AlcoveError) => void;
  /** A new worker is up; it needs a port to the engine. */
  onStart: () => void;
}

export class PythonClient {
  readonly #options: PythonClientOptions;
  #link!: WorkerLink<PythonProtocol>;
  #booted!: Promise<void>;
  #failures = 0;
  #resting = false;
  /** How many use Python now; between two calls it is idle, but not theirs to lose. */
  #users = 0;
  /** Whether this worker has what is nowhere else: what code made that was run. */
  #holds = false;
  /** Something that Python wrote does not lie on the disk; it is tried again as long as this worker lives. */
  #unkept = false;
  /** Counts the workers; what was opened in an earlier one is gone. */
  epoch = 0;

  constructor(options: PythonClientOptions) {
    this.#options = options;
    this.#start();
  }

  /** Resolves when the present worker can open sessions. */
  get ready(): Promise<void> {
    return this.#booted;
  }

  #start(): void {
    const { url, base, connect, host, onProgress } = this.#options;
    this.epoch += 1;
    this.#resting = false;
    this.#holds = this.#unkept = false;
    this.#link = new WorkerLink(url, { title: "Python", hangMs: HANG_MS, onDeath: (e) => this.#died(e) });
    serve<PageProtocol>(this.#link.worker, {
      ...host,
      diskTrouble: (told, context) => {
        this.#unkept = told.trouble !== null;
        return host.diskTrouble(told, context);
      },
    });
    this.#booted = this.#link.rpc
      .call("boot", { base, connect }, { timeoutMs: BOOT_MS, onItem: onProgress })
      .then(() => {
        this.#failures = 0;
      });
    this.#booted.catch(() => undefined);
    this.#options.onStart();
  }

  #died(error: AlcoveError): void {
    this.#failures += 1;
    if (this.#failures <= MAX_RESTARTS) this.#start();
    this.#options.onDeath(error);
  }

  /** Starts a worker again after it was given up. */
  revive(): void {
    if (this.#link.alive) return;
    this.#failures = 0;
    this.#start();
  }

  /**
   * Ends the worker, which frees its memory, until it is used again; every session has to be opened again then. Does
   * nothing while Python does something, or has what is nowhere else.
   */
  rest(): void {
    if (!this.#link.alive || this.#link.rpc.busy || this.#users > 0 || this.#holds || this.#unkept) return;
    this.#link.end(new AlcoveError("cancelled", "Python rests."));
    this.epoch += 1;
    this.#resting = true;
  }

  /** Starts a worker again that rests. */
  wake(): void {
    if (this.#resting) this.#start();
  }

  /** Does `work`, which asks Python more than once: it does not rest before that has ended. */
  async awake<T>(work: () => Promise<T>): Promise<T> {
    this.wake();
    this.#users += 1;
    try {
      return await work();
    } finally {
      this.#users -= 1;
    }
  }

  /** The present worker, once it can be asked. */
  async #python(): Promise<RpcClient<PythonProtocol>> {
    this.wake();
    await this.#booted;
    return this.#link.rpc;
  }

  /** Hands Python a line to the engine's worker. */
  attachEngine(line: MessagePort | string): void {
    const transfer = typeof line === "string" ? [] : [line];
    void this.#link.rpc.call("attachEngine", { line }, { transfer }).catch(() => undefined);
  }

  /** The engine died: what Python waits for fails at once. */
  detachEngine(): void {
    void this.#link.rpc.call("detachEngine", {}).catch(() => undefined);
  }

  async open(config: SessionConfig): Promise<OpenedSession> {
    return (await this.#python()).call("open", { config });
  }

  /** Runs one turn: with a message of the person, or with what is in the transcript already. */
  turn(session: string, start: Prompt | "retry" | "goOn"): AsyncGenerator<TurnEvent, void, undefined> {
    const { rpc } = this.#link;
    return streamOf<TurnEvent>(
      (push) => {
        const options = { timeoutMs: TURN_IDLE_MS, onItem: push };
        return typeof start === "string"
          ? rpc.call(start, { session }, options)
          : rpc.call("send", { session, prompt: start }, options);
      },
      () => void this.cancel(session),
    );
  }

  /** Stops the running turn of a session; a worker that does not hear it is replaced. */
  async cancel(session: string): Promise<void> {
    const link = this.#link;
    try {
      await link.rpc.call("cancel", { session, immediate: true }, { timeoutMs: CANCEL_MS });
    } catch (error) {
      if (error instanceof AlcoveError && error.code === "timeout") this.#replace(link);
    }
  }

  async steer(session: string, text: string): Promise<void> {
    return (await this.#python()).call("steer", { session, text });
  }

  async respond(session: string, approval: string, option: string): Promise<void> {
    return (await this.#python()).call("respond", { session, approval, option });
  }

  /** Replaces a session's transcript: it went on somewhere else. */
  async replace(session: string, messages: TranscriptMessage[]): Promise<void> {
    return (await this.#python()).call("replace", { session, messages });
  }

  /** Has the whole transcript of a session saved again. */
  async keep(session: string): Promise<void> {
    return (await this.#python()).call("keep", { session });
  }

  async activity(session: string): Promise<ActivityEntry[]> {
    return (await this.#python()).call("activity", { session });
  }

  /** The tools of a session, for somebody outside. */
  async tools(session: string): Promise<PythonProtocol["tools"]["reply"]> {
    return (await this.#python()).call("tools", { session });
  }

  /** Runs one of them; an abort stops it. */
  async useTool(
    session: string,
    name: string,
    input: unknown,
    { onEvent, signal }: { onEvent: (event: TurnEvent) => void; signal: AbortSignal },
  ): Promise<UsedTool> {
    const stop = () => void this.cancel(session);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const options = { timeoutMs: TURN_IDLE_MS, onItem: onEvent };
      return await (await this.#python()).call("useTool", { session, name, input }, options);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async close(session: string): Promise<void> {
    return (await this.#python()).call("close", { session });
  }

  /** The conversation was deleted: its session ends, and its files in the home go. A Python that rests has nothing of it. */
  async discard(session: string): Promise<void> {
    if (this.#resting) return;
    return (await this.#python()).call("discard", { session });
  }

  /**
   * Conversations as a zip that Amplifier's command line reads.
   * @param workingDir the folder whose project they become sessions of; null for the home
   */
  async archive(
    records: AsyncIterable<TranscriptRecord>,
    workingDir: string | null,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.awake(async () => {
      const python = await this.#python();
      const file = crypto.randomUUID();
      for await (const record of records) await python.call("archive", { file, record, workingDir });
      return python.call("archived", { file });
    });
  }

  /**
   * Runs Python code in the worker and returns its last expression as JavaScript. It may take as long as it likes.
   * @throws AlcoveError `bad-request` for what Python raised, `cancelled`, `timeout` after `limits.timeoutMs`
   */
  async run(code: string, limits: Limits = {}): Promise<unknown> {
    const python = await this.#python();
    this.#holds = true;
    return this.#within(limits, (signal) => python.call("run", { code }, { signal, timeoutMs: 0 }));
  }

  /**
   * Installs a wheel with micropip: a URL, a name of Python's package index, or a file of the person's. It is kept, and
   * installed again whenever Python starts; another version takes its place. An installation of which nothing is heard
   * for a while fails.
   * @returns which Amplifier modules it brought, and which of them are not reached because others bear their names
   * @throws AlcoveError as {@link run}, `download-failed`
   */
  async install(wheel: string | File, limits: Limits = {}): Promise<InstallReport> {
    const python = await this.#python();
    const bytes = typeof wheel === "string" ? undefined : await wheel.arrayBuffer();
    const given = bytes ? { wheel: bytes, name: (wheel as File).name } : { wheel: wheel as string };
    const transfer = bytes ? [bytes] : [];
    return this.#within(limits, (signal) =>
      python.call("install", given, { signal, timeoutMs: INSTALL_IDLE_MS, transfer }),
    );
  }

  /**
   * Reads a bundle's files and mounts it once, so that it is known what of it can be had and what it costs.
   * @throws AlcoveError `bad-request` for what is no bundle; `timeout`, naming the module, where one never returns: then
   *   Python is started again
   */
  readBundle(files: BundleFile[], signal?: AbortSignal): Promise<ReadBundle> {
    return this.#reading(signal, (python, options) => python.call("readBundle", { files }, options));
  }

  /** Makes changes in a bundle that was read, and reads it again. @throws AlcoveError as {@link readBundle} */
  changeBundle(archive: ArrayBuffer, changes: BundleChanges): Promise<ReadBundle> {
    return this.#reading(undefined, (python, options) =>
      python.call("changeBundle", { archive, changes }, options),
    );
  }

  async #reading(
    signal: AbortSignal | undefined,
    work: (python: RpcClient<PythonProtocol>, options: CallOptions<string>) => Promise<ReadBundle>,
  ): Promise<ReadBundle> {
    const python = await this.#python();
    let module = "";
    const onItem = (name: string) => {
      module = name;
    };
    try {
      const limits = { timeoutMs: BUNDLE_MS, ...(signal ? { signal } : {}) };
      return await this.#within(limits, (stop) => work(python, { signal: stop, timeoutMs: 0, onItem }));
    } catch (thrown) {
      if (!(thrown instanceof AlcoveError) || thrown.code !== "timeout" || !module) throw thrown;
      throw new AlcoveError("timeout", `The module "${module}" of this bundle never returned.`, {
        action: "Take it out of the bundle, and add it again.",
      });
    }
  }

  /** The wheels that are installed whenever Python starts. */
  async installed(): Promise<InstalledWheel[]> {
    return (await this.#python()).call("installed", {});
  }

  /**
   * Forgets a wheel of {@link installed}; what of it Python holds now stays until it starts again.
   * @throws AlcoveError `bad-request` for a name that is not among them
   */
  async uninstall(name: string): Promise<void> {
    return (await this.#python()).call("uninstall", { name });
  }

  /** Does `work` in the present worker; one that does not hear when it is stopped is replaced. */
  async #within<T>({ signal, timeoutMs }: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const link = this.#link;
    const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([signal, late].filter((each) => each !== undefined));
    let deaf: ReturnType<typeof setTimeout> | undefined;
    const onStop = () => {
      deaf = setTimeout(() => this.#replace(link), CANCEL_MS);
    };
    stop.addEventListener("abort", onStop, { once: true });
    try {
      return await work(stop);
    } catch (thrown) {
      if (late?.aborted && !signal?.aborted) throw new AlcoveError("timeout", "Python did not end in time.");
      throw thrown;
    } finally {
      clearTimeout(deaf);
      stop.removeEventListener("abort", onStop);
    }
  }

  /** Ends a worker that does not hear, and starts another. */
  #replace(link: WorkerLink<PythonProtocol>): void {
    if (!link.alive) return;
    const stopped = new AlcoveError("cancelled", "Stopped.");
    link.end(stopped);
    this.#died(stopped);
  }

  /** Ends the worker for good. */
  dispose(): void {
    this.#resting = false;
    this.#link.end(new AlcoveError("cancelled", "Alcove was closed."));
  }
}
