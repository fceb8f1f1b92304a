/**
 * A file that lies on its host in parts, for hosts that take no large ones: asked for as if it were whole. What comes
 * is checked as the whole file is.
 */
import type { ModelFile } from "../engine/contract.ts";

/** One after the other they are the file. */
export interface FilePart {
  /** Absolute. */
  url: string;
  bytes: number;
}

/** What is expected of a file that lies in parts: nothing where it does not. */
export function partsOf({ parts }: ModelFile, base: string): { parts?: FilePart[] } {
  return parts ? { parts: parts.map(({ url, bytes }) => ({ url: new URL(url, base).href, bytes })) } : {};
}

/**
 * The file from byte `from` on, which is less than its length: what a fetch with a Range would answer. The parts are
 * asked for one after the other, as their bytes are read. Where the first one asked for fails, the answer is its own.
 * @throws TypeError as a fetch does; the body fails with one when a later part does
 */
export async function fetchParts(
  parts: readonly FilePart[],
  from: number,
  signal: AbortSignal,
): Promise<Response> {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  let skip = from;
  let index = 0;
  for (const { bytes } of parts) {
    if (skip < bytes) break;
    skip -= bytes;
    index++;
  }
  const ask = (part: FilePart, at: number) =>
    fetch(part.url, {
      headers: at > 0 ? { Range: `bytes=${at}-` } : {},
      cache: "no-store",
      signal,
    });
  const first = parts[index];
  if (!first) throw new RangeError(`${from} of ${total} bytes`);
  const answer = await ask(first, skip);
  if (!isFile(answer)) return answer;

  async function* bytes(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (const [place, part] of parts.entries()) {
      if (place < index) continue;
      const at = place === index ? skip : 0;
      yield* rest(place === index ? answer : await ask(part, at), part, at);
    }
  }
  const headers: Record<string, string> = { "content-length": String(total - from) };
  if (from > 0) headers["content-range"] = `bytes ${from}-${total - 1}/${total}`;
  return new Response(streamOf(bytes(), answer), { status: from > 0 ? 206 : 200, headers });
}

const isFile = ({ ok, headers }: Response): boolean =>
  ok && !/text\/html/i.test(headers.get("content-type") ?? "");

/** The bytes of a part from `at` on, whether its host knows ranges or not. */
async function* rest(answer: Response, part: FilePart, at: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const broken = (what: string) => new TypeError(`${part.url}: ${what}`);
  if (!isFile(answer) || !answer.body) throw broken(`answer ${answer.status}`);
  const start = /^bytes (\d+)-/.exec(answer.headers.get("content-range") ?? "")?.[1];
  if (answer.status === 206 && start !== undefined && Number(start) !== at)
    throw broken(`bytes from ${start}`);
  let before = answer.status === 206 ? 0 : at;
  let left = part.bytes - at;
  const reader = answer.body.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      const piece = value.subarray(Math.min(before, value.length));
      before -= value.length - piece.length;
      if (piece.length > left) throw broken(`more than ${part.bytes} bytes`);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
    if (left > 0) throw broken(`ended ${left} bytes too soon`);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  { body }: Response,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return(undefined);
        // Of one that nobody began to read.
        await body?.cancel().catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
