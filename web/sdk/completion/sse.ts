/** A completion as server-sent events, as OpenAI streams one. */
import type { Chunk } from "../../../workers/engine/contract.ts";
import { errorBody } from "./failures.ts";

type Run = (onChunk: (chunk: Chunk) => void, stop: AbortSignal) => Promise<unknown>;

const HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };

/**
 * Resolves with the first chunk, so that what is refused has its status. An abort of `signal` breaks the body off;
 * a reader that lets go of it stops the completion.
 * @param counts whether a last chunk tells the usage
 * @throws whatever `run` fails with before its first chunk
 */
export async function eventStream(run: Run, signal: AbortSignal, counts: boolean): Promise<Response> {
  const left = new AbortController();
  const encoder = new TextEncoder();
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      body = controller;
    },
    cancel: () => left.abort(),
  });
  const say = (data: unknown) => {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    if (!left.signal.aborted) body?.enqueue(encoder.encode(`data: ${text}\n\n`));
  };
  let begin: () => void = () => undefined;
  const began = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let saysSomething = false;
  const outcome = run(
    (chunk) => {
      saysSomething = true;
      for (const event of eventsOf(chunk, counts)) say(event);
      begin();
    },
    AbortSignal.any([signal, left.signal]),
  );
  const ended = outcome.then(
    () => {
      if (left.signal.aborted) return;
      if (signal.aborted) return body?.error(signal.reason);
      say("[DONE]");
      body?.close();
    },
    (thrown) => {
      if (!saysSomething) throw thrown;
      if (left.signal.aborted) return;
      if (signal.aborted) return body?.error(signal.reason);
      say(errorBody(thrown));
      body?.close();
    },
  );
  ended.catch(() => undefined);
  await Promise.race([began, ended]);
  signal.throwIfAborted();
  return new Response(stream, { headers: HEADERS });
}

/** Without what is ours alone; the usage is a chunk of its own, for those who asked for it. */
function eventsOf({ tokens: _, usage, ...chunk }: Chunk, counts: boolean): object[] {
  if (!counts) return [chunk];
  return [{ ...chunk, usage: null }, ...(usage ? [{ ...chunk, choices: [], usage }] : [])];
}
