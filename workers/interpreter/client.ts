/**
 * The page's side of one interpreter. It stands in a frame of its own, whose origin is nobody's: it has no storage, no
 * locks and no channels of the site, and the frame's policy lets nothing out, whatever the host of the site sends.
 * So all that it is made of is handed to it as bytes.
 */
import { BUILD, workerUrls } from "../build.ts";
import { siteFile } from "../files/site-file.ts";
import { beforeAbort } from "../wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { RpcClient } from "../wire/rpc.ts";
import { asClassic } from "./classic.ts";
import { boxed } from "./frame.ts";
import type { GivenFile, InterpreterProtocol, Ran } from "./protocol.ts";
import { readRan } from "./ran.ts";

const BOOT_MS = 60_000;
/** One that answers no ping between two calls is kept busy by what an earlier one left behind. */
const PING_MS = 5_000;

export interface RunLimits {
  signal?: AbortSignal;
  /** Milliseconds; then the interpreter is ended, and what it holds is lost. */
  timeoutMs: number;
}

export class InterpreterClient {
  readonly #frame = document.createElement("iframe");
  readonly #rpc: RpcClient<InterpreterProtocol>;
  readonly #booted: Promise<void>;
  #alive = true;

  /**
   * Starts one.
   * @param base absolute URL of the root of the built site
   * @param memory bytes that its Python may take
   */
  constructor(base: string, memory: number) {
    const calls = new MessageChannel();
    const notices = new MessageChannel();
    notices.port1.onmessage = ({ data }) =>
      this.end(new AlcoveError("engine-crashed", "The interpreter ended.", { detail: String(data) }));
    this.#rpc = new RpcClient<InterpreterProtocol>(calls.port1);
    this.#booted = this.#boot(base, memory, [notices.port2, calls.port2]);
    this.#booted.catch((thrown) => this.end(toAlcoveError(thrown)));
  }

  /** Whether it can be asked. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Whether it lives and answers between two calls; one that does not is ended. */
  async answers(): Promise<boolean> {
    if (!this.#alive) return false;
    await this.#booted
      .then(() => this.#rpc.call("ping", {}, { timeoutMs: PING_MS }))
      .catch((thrown) => this.end(toAlcoveError(thrown)));
    return this.#alive;
  }

  /**
   * Runs code, once it has started; names of earlier calls are there. One that fails, or whose memory is used up, has
   * ended.
   * @throws AlcoveError `timeout`, `cancelled`, `engine-crashed`, and what its start failed with
   */
  async run(code: string, files: readonly GivenFile[], { signal, timeoutMs }: RunLimits): Promise<Ran> {
    const stop = signal ?? new AbortController().signal;
    try {
      await beforeAbort(this.#booted, stop);
      const ran = readRan(await beforeAbort(this.#rpc.call("run", { code, files }, { timeoutMs }), stop));
      if (ran.exhausted) this.end(new AlcoveError("out-of-memory", "The interpreter's memory is used up."));
      return ran;
    } catch (thrown) {
      const error = toAlcoveError(thrown);
      this.end(error);
      throw error;
    }
  }

  /** Ends it; what waits for it fails with `error`. */
  end(error: AlcoveError): void {
    this.#alive = false;
    this.#rpc.close(error);
    // What runs in a frame ends with it.
    this.#frame.remove();
  }

  async #boot(base: string, memory: number, ports: MessagePort[]): Promise<void> {
    const at = (name: string) => siteFile(new URL(name, base), "Python could not be loaded.");
    const script = Promise.all([at(`${BUILD.pyodide}pyodide.asm.mjs`), at(workerUrls().interpreter)]);
    const names = ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];
    const runtime = Promise.all(names.map((name) => at(BUILD.pyodide + name)));
    for (const each of [script, runtime]) each.catch(() => undefined);
    await this.#open();
    const [pyodide, own] = await script;
    const parts = [asClassic(new TextDecoder().decode(pyodide)), own];
    this.#frame.contentWindow?.postMessage(parts, "*", ports);
    const [wasm, stdlib, lock] = (await runtime) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
    const files = { wasm, stdlib, lock: new TextDecoder().decode(lock) };
    const booted = this.#rpc.call(
      "boot",
      { files, memory },
      { timeoutMs: BOOT_MS, transfer: [wasm, stdlib] },
    );
    await booted.catch((thrown: AlcoveError) => {
      if (thrown.code !== "timeout") throw thrown;
      throw new AlcoveError("unsupported", "The interpreter did not start.", {
        action: "Try again. The page's content security policy may forbid its frame.",
      });
    });
  }

  /** Puts the frame into the page, where nobody sees it. */
  #open(): Promise<void> {
    this.#frame.sandbox.add("allow-scripts");
    this.#frame.hidden = true;
    this.#frame.title = "Python";
    this.#frame.srcdoc = boxed();
    return new Promise((resolve) => {
      this.#frame.addEventListener("load", () => resolve(), { once: true });
      document.documentElement.append(this.#frame);
    });
  }
}
