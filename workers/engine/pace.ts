/**
 * Fewer, larger chunks. A chunk wakes the engine's worker, Python's and the page, which all take time from an
 * engine that computes on the same processors; and nobody reads faster than this.
 */
import type { Chunk } from "./contract.ts";

/** Text that comes sooner than this after the last chunk waits for the next one. */
export const PACE_MS = 80;

const isText = ({ choices: [{ delta, finish_reason }], usage }: Chunk): boolean =>
  Boolean(delta.content) && !delta.role && !delta.tool_calls && !finish_reason && !usage;

function joined(earlier: Chunk, later: Chunk): Chunk {
  const content = `${earlier.choices[0].delta.content}${later.choices[0].delta.content}`;
  const tokens = (earlier.tokens ?? 1) + (later.tokens ?? 1);
  return { ...later, tokens, choices: [{ ...later.choices[0], delta: { content } }] };
}

/**
 * `chunks` with neighbouring texts joined. The first text goes out at once, and so does everything that is
 * not text; what was held back comes before the end or the error of `chunks`.
 */
export async function* paced(
  chunks: AsyncIterable<Chunk>,
  now: () => number = () => performance.now(),
): AsyncGenerator<Chunk, void, undefined> {
  let held: Chunk | undefined;
  let sent = Number.NEGATIVE_INFINITY;
  try {
    for await (const chunk of chunks) {
      const text = isText(chunk);
      if (text) held = held ? joined(held, chunk) : chunk;
      if (held && (!text || now() - sent >= PACE_MS)) {
        yield held;
        held = undefined;
        sent = now();
      }
      if (!text) yield chunk;
    }
  } catch (error) {
    if (held) yield held;
    throw error;
  }
  if (held) yield held;
}
