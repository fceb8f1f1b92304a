/**
 * What llama.cpp and wllama say when something fails, in the closed set of errors. C++ exceptions reach
 * JavaScript as nonsense ("Invalid typed array length: 1163217991"); the real cause is the last log line.
 */
import { tooLong } from "../engine/embedding.ts";
import { overflow } from "../engine/request.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { foreign } from "./projector.ts";

const KEPT_LINES = 30;

/** wllama's logger: keeps the last lines, and hears of errors that no promise carries. */
export class LlamaLog {
  #lines: { text: string; severe: boolean }[] = [];
  readonly #onLine: (text: string) => void;
  readonly #onWorkerError: (detail: string) => void;

  constructor(onLine: (text: string) => void, onWorkerError: (detail: string) => void) {
    this.#onLine = onLine;
    this.#onWorkerError = onWorkerError;
  }

  readonly debug = (...words: unknown[]): void => this.#add(words, false);
  readonly log = (...words: unknown[]): void => this.#add(words, false);
  readonly warn = (...words: unknown[]): void => this.#add(words, false);
  readonly error = (...words: unknown[]): void => {
    const event = words[0];
    if (typeof ErrorEvent !== "undefined" && event instanceof ErrorEvent) {
      event.preventDefault();
      this.#onWorkerError(`uncaught in the engine: ${event.message}`);
    }
    this.#add(words, true);
  };

  clear(): void {
    this.#lines = [];
  }

  /** The last lines that llama.cpp marked as errors, or the last lines of all. */
  tail(): string {
    const severe = this.#lines.filter((line) => line.severe);
    return (severe.length > 0 ? severe : this.#lines)
      .slice(-4)
      .map((line) => line.text)
      .join(" | ")
      .slice(0, 800);
  }

  #add(words: unknown[], severe: boolean): void {
    const text = words.map((word) => (word instanceof Error ? word.message : String(word))).join(" ");
    this.#onLine(text);
    // wllama's own view of a crash repeats what is thrown, with a stack that helps nobody.
    if (words[0] instanceof Error || text.startsWith("Stack trace")) return;
    this.#lines.push({ text: text.trim(), severe });
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }
}

const MEMORY =
  /out of memory|failed to allocate|cannot enlarge memory|could not allocate|cannot allocate|bad_alloc|memory access out of bounds|alloc.*failed/i;

const memory = (detail: string) =>
  new AlcoveError("out-of-memory", "There is not enough memory for this model.", { detail });

const detailOf = (thrown: unknown, log: LlamaLog): string =>
  `${thrown instanceof Error ? thrown.message : String(thrown)} · ${log.tail()}`;

/** Why a load failed. The header was checked before, so what llama.cpp refuses now is wrong inside. */
export function loadFailure(thrown: unknown, log: LlamaLog): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  if (thrown instanceof DOMException && thrown.name === "AbortError") return toAlcoveError(thrown);
  const detail = detailOf(thrown, log);
  if (MEMORY.test(detail)) return memory(detail);
  if (/mismatch between text model/i.test(detail)) return foreign(detail);
  if (/unknown model architecture|unknown projector type/i.test(detail)) {
    return new AlcoveError("model-invalid", "This engine does not know the architecture of this model.", {
      action: "Choose another model.",
      detail,
    });
  }
  if (/fetch|NetworkError|HTTP(?!s?:)|wasm streaming|expected magic word/i.test(detail)) {
    return new AlcoveError("download-failed", "The engine's own program could not be loaded.", {
      action: "Reload the page while connected.",
      detail,
    });
  }
  return new AlcoveError(
    "model-invalid",
    "The engine could not load this model: the file is damaged or of an unknown kind.",
    {
      detail,
    },
  );
}

interface ServerError {
  message?: string;
  type?: string;
  n_prompt_tokens?: number;
  n_ctx?: number;
}

/**
 * Why a completion failed.
 * @param said the error object of llama.cpp's server, when it came that far
 */
export function requestFailure(thrown: unknown, said: unknown, log: LlamaLog): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  const server = said as ServerError | undefined;
  const detail = server?.message ?? detailOf(thrown, log);
  if (server?.type === "exceed_context_size_error" && server.n_prompt_tokens && server.n_ctx) {
    return overflow(server.n_prompt_tokens, server.n_ctx);
  }
  if (server?.type === "invalid_request_error") return refused(detail);
  if (/^\(ABORT\)|unreachable|indirect call|exit\(/.test(String((thrown as Error)?.message))) {
    return new AlcoveError("engine-crashed", "The language engine stopped unexpectedly.", { detail });
  }
  if (MEMORY.test(detail)) return memory(detail);
  // Any model can choose bytes that are no UTF-8; llama.cpp's server then fails on its own answer.
  if (/invalid UTF-8 byte/.test(detail)) {
    return new AlcoveError("engine-crashed", "The model wrote what is no text.", { detail });
  }
  // A C++ exception while the request was being set up: the instance lives, the request was wrong.
  if (/Invalid typed array length|Invalid magic number|offset is out of bounds/.test(detail))
    return refused(detail);
  return new AlcoveError("engine-crashed", "The language engine failed on this request.", { detail });
}

/** Why a text could not be embedded. A model reads it in one piece, so that its batch is the bound. */
export function embeddingFailure(thrown: unknown, said: unknown, log: LlamaLog, place: number): AlcoveError {
  const [, tokens, context] =
    /input \((\d+) tokens\) is too large.*current batch size: (\d+)/.exec(
      (said as ServerError)?.message ?? "",
    ) ?? [];
  if (tokens) return tooLong(place, Number(tokens), Number(context));
  return requestFailure(thrown, said, log);
}

/** Whether the instance cannot be used any more. */
export const isFatal = ({ code }: AlcoveError): boolean =>
  code === "engine-crashed" || code === "out-of-memory";

const refused = (detail: string) =>
  new AlcoveError("bad-request", "The model cannot take this request as it is.", {
    action: "Check the tools, the schema and the order of the messages.",
    detail,
  });
