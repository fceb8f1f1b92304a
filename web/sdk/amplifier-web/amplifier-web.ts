/** Upstream's facade of Amplifier in a browser, over Alcove: their own examples run with the import changed. */
import type { Status } from "../engines/status.ts";
import { AmplifierError } from "./error.ts";
import type { AmplifierWebConfig, Execution, Running } from "./types.ts";

const work = () => import("./work.ts");

export class AmplifierWeb {
  readonly #config: AmplifierWebConfig;
  #running: Running | null = null;
  #starting: Promise<Running> | null = null;
  #executing = false;

  constructor(config: AmplifierWebConfig = {}) {
    this.#config = { ...config };
  }

  static isWebGPUSupported(): boolean {
    return (globalThis.navigator as { gpu?: unknown } | undefined)?.gpu !== undefined;
  }

  get isReady(): boolean {
    return this.#running !== null;
  }

  get isExecuting(): boolean {
    return this.#executing;
  }

  get sessionId(): string | null {
    return this.#running?.chat.id ?? null;
  }

  /** @throws AmplifierError, told to `onError` too */
  async init(): Promise<void> {
    try {
      if (this.#running || this.#starting)
        throw new AmplifierError("ALREADY_INITIALIZED", "AmplifierWeb is already initialized");
      this.#starting = work().then(({ begin }) =>
        begin(this.#config, (...progress) => this.#tell(...progress)),
      );
      try {
        this.#running = await this.#starting;
      } finally {
        this.#starting = null;
      }
      this.#tell("ready", 100, "Ready!");
    } catch (thrown) {
      const { failure } = await work();
      const error = failure(thrown, "SESSION_CREATE_FAILED");
      (this.#config.onError ?? console.error)(error);
      throw error;
    }
  }

  /** Runs a turn. @throws AmplifierError */
  execute(prompt: string): Promise<Execution> {
    return this.executeStreaming(prompt, () => undefined);
  }

  /** The same, its words told as they come: `{type: "delta", delta}`. @throws AmplifierError */
  async executeStreaming(
    prompt: string,
    onChunk: (chunk: { type: "delta"; delta: string; content: string }) => void,
  ): Promise<Execution> {
    const { chat } = this.#ready();
    const { failure, run } = await work();
    this.#executing = true;
    try {
      return await run(chat, prompt, onChunk, this.#config.approveToolCall);
    } catch (thrown) {
      throw failure(thrown, "EXECUTION_FAILED");
    } finally {
      this.#executing = false;
    }
  }

  cancel(): void {
    void this.#running?.chat.cancel();
  }

  getSystemPrompt(): string {
    return this.#config.systemPrompt ?? "";
  }

  /** Holds from the next prompt on. */
  async setSystemPrompt(prompt: string): Promise<void> {
    this.#config.systemPrompt = prompt;
    if (this.#running) await this.#reopen(this.#running.chat.id);
  }

  async getHistory(): Promise<{ role: string; content: unknown }[]> {
    const history = await this.#ready().chat.history();
    return history.map(({ role, content }) => ({ role, content }));
  }

  async clearHistory(): Promise<void> {
    const { alcove, chat } = this.#ready();
    await this.#reopen();
    await alcove.conversations.remove(chat.id);
  }

  /**
   * Runs Python code that ends with `session.register_tool(MyTool())`; the model has the tool from the next prompt on.
   * @throws AmplifierError
   */
  async registerTool(pythonCode: string): Promise<void> {
    const running = this.#ready();
    const { failure, register } = await work();
    try {
      await register(running, pythonCode);
      await this.#reopen(running.chat.id);
    } catch (thrown) {
      throw failure(thrown, "EXECUTION_FAILED", "Failed to register tool: ");
    }
  }

  async getToolNames(): Promise<string[]> {
    return this.#ready().tools.map(({ name }) => name);
  }

  async dispose(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#running = null;
    await running?.alcove.close();
  }

  async #reopen(resume?: string): Promise<void> {
    const running = this.#ready();
    const { session } = await work();
    running.chat = await session(running.alcove, this.#config, running.tools, resume);
  }

  #ready(): Running {
    if (this.#running) return this.#running;
    throw new AmplifierError("NOT_INITIALIZED", "AmplifierWeb is not initialized. Call init() first.", {
      recoverable: true,
      suggestion: "Call init() before using other methods",
    });
  }

  #tell(stage: string, percent: number, message: Status["text"]): void {
    if (this.#config.debug) console.log("[AmplifierWeb]", stage, percent, message);
    this.#config.onProgress?.(stage, percent, message);
  }
}
