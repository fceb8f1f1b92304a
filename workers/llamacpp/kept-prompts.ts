/**
 * What an instance of llama.cpp need not compute again. It keeps the prompts of earlier conversations in memory by
 * itself; this adds those of earlier visits, which lie on the device (kept-prompt-files.ts).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { onForgetKeptPrompts } from "../files/kept-prompts.ts";
import { needRoom } from "../files/locks.ts";
import type { Queue } from "../wire/queue.ts";
import type { LlamaInstance } from "./instance.ts";
import { KeptPromptFiles, LARGEST_BYTES, type Prompt } from "./kept-prompt-files.ts";
import { hasPictures, type Messages } from "./pictures.ts";

/** A prompt is kept when nothing was asked for so long: writing it takes a moment. */
const REST_MS = 4_000;
/** Fewer new tokens than this are as quickly computed as read. */
const LEAST_TOKENS = 64;

type Body = Record<string, unknown>;

export class KeptPrompts {
  readonly #instance: LlamaInstance;
  readonly #of: string;
  readonly #queue: Queue;
  readonly #files = new KeptPromptFiles();
  /** Conversations and openings that this instance has computed or was given, with the tokens that were kept of each. */
  readonly #known = new Map<string, number>();
  readonly #unhear: () => void;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #forgotten = 0;
  /** Of the last one that was written: what will be too large is not. */
  #bytesPerToken = 0;

  /**
   * @param of what a prompt's KV cache depends on beside its text: the model, the window, the version of llama.cpp
   * @param queue of the engine, in which prompts are kept too
   */
  constructor(instance: LlamaInstance, of: unknown[], queue: Queue) {
    this.#instance = instance;
    this.#of = JSON.stringify(of);
    this.#queue = queue;
    this.#unhear = onForgetKeptPrompts(() => this.#forget());
  }

  /**
   * Before llama.cpp gets `body`: brings what an earlier visit left of it. Never fails.
   * @returns what {@link after} wants to know of it; undefined where nothing is to be kept
   */
  async before(body: Body): Promise<Prompt | undefined> {
    clearTimeout(this.#resting);
    const prompt = this.#promptOf(body);
    if (!prompt || this.#known.has(prompt.conversation)) return prompt;
    const similar = !this.#known.has(prompt.opening);
    this.#known.set(prompt.conversation, 0).set(prompt.opening, 0);
    await this.#files.bring(prompt, similar, (name) => this.#instance.restore(name)).catch(() => undefined);
    return prompt;
  }

  /** After an answer: keeps its prompt, once the engine rests. @param tokens of prompt and answer */
  after(prompt: Prompt | undefined, tokens: number): void {
    if (!prompt || tokens < (this.#known.get(prompt.conversation) ?? 0) + LEAST_TOKENS) return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (!this.#queue.busy) void this.#queue.run(() => this.#keep(prompt, tokens)).catch(() => undefined);
    }, REST_MS);
  }

  close(): void {
    clearTimeout(this.#resting);
    this.#unhear();
  }

  async #keep(prompt: Prompt, tokens: number): Promise<void> {
    const forgotten = this.#forgotten;
    const expected = tokens * this.#bytesPerToken || LARGEST_BYTES;
    if (this.#instance.dead || expected > LARGEST_BYTES) return;
    await needRoom(expected);
    const bytes = await this.#files.keep(prompt, (name) => this.#instance.save(name));
    this.#bytesPerToken = bytes / tokens;
    this.#known.set(prompt.conversation, tokens);
    if (forgotten !== this.#forgotten) await this.#files.clear();
  }

  #forget(): void {
    this.#forgotten++;
    clearTimeout(this.#resting);
  }

  /** Undefined for what is not kept: pictures are large, and seldom come again. */
  #promptOf({ messages, tools }: Body): Prompt | undefined {
    const all = messages as Messages;
    const first = all.findIndex(({ role }) => role === "user");
    if (first < 0 || hasPictures(all)) return undefined;
    const system = all.findIndex(({ role }) => role !== "system");
    const hash = (end: number) =>
      bytesToHex(sha256(utf8ToBytes(JSON.stringify([this.#of, tools, all.slice(0, end)]))));
    return { conversation: hash(first + 1), opening: hash(system) };
  }
}
