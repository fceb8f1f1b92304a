/** The interpreters of the conversations: each has its own, whose names and files no other sees. */
import { InterpreterClient, type RunLimits } from "../../../workers/interpreter/client.ts";
import type { GivenFile, Ran } from "../../../workers/interpreter/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { siteBase } from "../base.ts";

/** Each holds a whole Python, some 100 MB. The one that was used longest ago makes room. */
const MOST = 2;
/** Bytes. */
const MEMORY = 512 << 20;
/** One that nobody uses for so long is ended. */
const IDLE_MS = 600_000;

/** What came of a run, and whether names of earlier ones are lost. */
interface RanHere extends Ran {
  lost: boolean;
}

class Interpreter {
  #client: InterpreterClient | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #waiting = 0;
  /** What the person gave, by name; a new client gets all of it. */
  readonly #given = new Map<string, File>();
  #unsent: File[] = [];

  get alive(): boolean {
    return this.#client?.alive ?? false;
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs code after what was asked for before. */
  async run(code: string, files: readonly GivenFile[], limits: RunLimits): Promise<RanHere> {
    this.#waiting += 1;
    clearTimeout(this.#idle);
    const ran = this.#last.then(() => this.#now(code, files, limits));
    this.#last = ran.catch(() => undefined);
    try {
      return await ran;
    } finally {
      this.#waiting -= 1;
      this.#idle = setTimeout(() => this.end(), IDLE_MS);
    }
  }

  give(files: readonly File[]): void {
    for (const file of files) this.#given.set(file.name, file);
    this.#unsent.push(...files);
  }

  end(): void {
    clearTimeout(this.#idle);
    this.#client?.end(new AlcoveError("cancelled", "The interpreter was ended."));
  }

  async #now(code: string, files: readonly GivenFile[], limits: RunLimits): Promise<RanHere> {
    limits.signal?.throwIfAborted();
    const lost = this.#client !== null && !(await this.#client.answers());
    if (!this.#client || lost) {
      this.#client = new InterpreterClient(siteBase(), MEMORY);
      this.#unsent = [...this.#given.values()];
    }
    const given = await Promise.all(this.#unsent.splice(0).map((file) => asGiven(file)));
    return { ...(await this.#client.run(code, [...given, ...files], limits)), lost };
  }
}

/** A file for the code that is run, under its own name. */
export const asGiven = async (file: File, name = file.name): Promise<GivenFile> => ({
  name,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

/** By conversation, in the order of their last use. */
const interpreters = new Map<string, Interpreter>();

/**
 * Runs code in the interpreter of a conversation, which is started where there is none.
 * @throws AlcoveError as {@link InterpreterClient.run}; the next call has a new one then
 */
export function runPython(
  conversation: string,
  code: string,
  files: readonly GivenFile[],
  limits: RunLimits,
): Promise<RanHere> {
  const interpreter = interpreterOf(conversation);
  interpreters.delete(conversation);
  const others = [...interpreters.values()].filter(({ alive }) => alive);
  if (others.length >= MOST) others.find(({ busy }) => !busy)?.end();
  interpreters.set(conversation, interpreter);
  return interpreter.run(code, files, limits);
}

/** Gives files to the interpreter of a conversation: its code finds them from its next run on. */
export function giveFiles(conversation: string, files: readonly File[]): void {
  const interpreter = interpreterOf(conversation);
  interpreters.set(conversation, interpreter);
  interpreter.give(files);
}

const interpreterOf = (conversation: string): Interpreter =>
  interpreters.get(conversation) ?? new Interpreter();
