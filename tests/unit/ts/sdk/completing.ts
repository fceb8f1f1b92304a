/** An engine of the page that says what a test wants, and completions over it. */
import { Completions } from "../../../../web/sdk/completion/completions.ts";
import { RoleEngine, type Supervisors } from "../../../../web/sdk/engines/role.ts";
import type { ChatRequest, Chunk } from "../../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

export const USAGE = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 0 },
  ttft_ms: 1,
  prefill_tokens_per_second: 1,
  decode_tokens_per_second: 1,
};

type Delta = Chunk["choices"][0]["delta"];

export const chunk = (delta: Delta, finish: Chunk["choices"][0]["finish_reason"] = null): Chunk => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 7,
  model: "small",
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...(finish ? { usage: USAGE } : { tokens: 1 }),
});

/** What most answers are. */
export const HELLO = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "Hel" }),
  chunk({ content: "lo" }),
  chunk({}, "stop"),
];

type Say = (request: ChatRequest, signal: AbortSignal) => AsyncIterable<Chunk>;

/** Says `chunks`; where one is a promise, when it resolves, or fails with `cancelled` at an abort. */
export const saying = (...chunks: (Chunk | Promise<unknown>)[]): Say =>
  async function* (_request, signal) {
    for (const item of chunks) {
      if (item instanceof Promise) await untilAbort(item, signal);
      else yield item;
    }
  };

function untilAbort(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const aborted = new Promise((_, reject) => {
    const stop = () => reject(new AlcoveError("cancelled", "Stopped."));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  return Promise.race([work, aborted]);
}

/** `log` says what the engine was asked, in its order. */
export function completing(say: Say): { completions: Completions; log: string[] } {
  const log: string[] = [];
  const supervisor = {
    ensure: async ({ id }: { id: string }) => {
      log.push(`load ${id}`);
      if (id === "broken") throw new AlcoveError("out-of-memory", "Too large.");
    },
    client: {
      complete: (request: ChatRequest, { signal }: { signal: AbortSignal }) => {
        log.push(`ask ${request.model}`);
        signal.addEventListener("abort", () => log.push("stop"));
        return say(request, signal);
      },
    },
    release: () => undefined,
    connect: () => undefined,
  };
  const engine = new RoleEngine({ llamacpp: supervisor } as unknown as Supervisors, true);
  const find = async (id = "small") => {
    if (id === "none") throw new AlcoveError("model-not-found", 'There is no model called "none".');
    return { id, engine: "llamacpp" } as never;
  };
  return { completions: new Completions({ engine, find }), log };
}
