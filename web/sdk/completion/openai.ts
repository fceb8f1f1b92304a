/**
 * OpenAI's HTTP interface, answered by the tab: `fetch` for code that was written for a server. No request leaves the
 * page, whatever host it names.
 */
import { base64Of } from "../../../workers/engine/base64.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { ModelEntry } from "../models/entry.ts";
import type { CompleteOptions, CompletionRequest } from "./completions.ts";
import { errorResponse, noRoute, wrongMethod } from "./failures.ts";
import type { Completion } from "./gather.ts";
import { eventStream } from "./sse.ts";

/** `alcove.openai`. */
export interface OpenAi {
  /**
   * The browser's `fetch`, but answered by the tab: `POST …/chat/completions` (streamed too), `POST …/embeddings`,
   * `GET …/models` and `GET …/models/{id}`, below any address.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /**
   * Embeddings without HTTP.
   * @throws AlcoveError as `Alcove.embed`
   */
  embeddings(request: EmbeddingRequest, options?: { signal?: AbortSignal }): Promise<EmbeddingResponse>;
}

/** The parts of Alcove that answer. */
interface Answers {
  complete(request: CompletionRequest, options: CompleteOptions): Promise<Completion>;
  readonly openai: Pick<OpenAi, "embeddings">;
  readonly models: { list(): Promise<ModelEntry[]> };
}

type Route = (request: Request, answers: Answers, id: string) => Promise<Response>;

/** By the end of the path, so that any base address will do. */
const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ["POST", /\/chat\/completions$/, completions],
  ["POST", /\/embeddings$/, embeddings],
  ["GET", /\/models$/, models],
  ["GET", /\/models\/(.+)$/, model],
];

/**
 * Answers as the browser's `fetch` does: rejects with the signal's reason after an abort, never otherwise; what goes
 * wrong is a response in OpenAI's shape.
 */
export async function answer(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  answers: Answers,
): Promise<Response> {
  const request = new Request(input, init);
  request.signal.throwIfAborted();
  try {
    return await routed(request, answers);
  } catch (thrown) {
    request.signal.throwIfAborted();
    return errorResponse(thrown);
  }
}

async function routed(request: Request, answers: Answers): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.replace(/\/+$/, "");
  const fitting = ROUTES.filter(([, pattern]) => pattern.test(path));
  const found = fitting.find(([method]) => method === request.method);
  if (found) return found[2](request, answers, decodeURIComponent(found[1].exec(path)?.[1] ?? ""));
  return fitting.length > 0 ? wrongMethod(request.method, path) : noRoute(path);
}

async function completions(request: Request, answers: Answers): Promise<Response> {
  const { stream, stream_options, ...body } = await json<CompletionRequest & Streaming>(request);
  const { signal } = request;
  if (stream) {
    const run = (onChunk: CompleteOptions["onChunk"], stop: AbortSignal) =>
      answers.complete(body, { signal: stop, ...(onChunk ? { onChunk } : {}) });
    return eventStream(run, signal, stream_options?.include_usage === true);
  }
  const completion = await answers.complete(body, { signal });
  signal.throwIfAborted();
  return Response.json(completion);
}

interface Streaming {
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean } | null;
}

async function embeddings(request: Request, answers: Answers): Promise<Response> {
  const { encoding_format: format, ...body } = await json<EmbeddingRequest>(request);
  if (format !== undefined && format !== "float" && format !== "base64") {
    throw new AlcoveError("bad-request", `encoding_format "${format}" is unknown.`, {
      action: 'Use "float" or "base64".',
    });
  }
  const reply = await answers.openai.embeddings(body, { signal: request.signal });
  if (format !== "base64") return Response.json(reply);
  const data = reply.data.map((entry) => ({
    ...entry,
    embedding: base64(Float32Array.from(entry.embedding)),
  }));
  return Response.json({ ...reply, data });
}

/** As OpenAI's own client asks for vectors: 32-bit floats, little-endian. */
function base64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return base64Of(new Uint8Array(view.buffer));
}

async function models(_request: Request, answers: Answers): Promise<Response> {
  const here = (await answers.models.list()).filter(
    ({ fits, cached, shipped }) => fits && (cached || shipped),
  );
  return Response.json({ object: "list", data: here.map(described) });
}

async function model(_request: Request, answers: Answers, id: string): Promise<Response> {
  const entry = (await answers.models.list()).find((each) => each.id === id);
  if (!entry) throw new AlcoveError("model-not-found", `There is no model called "${id}".`);
  return Response.json(described(entry));
}

/** `created` is of the moment when a model was last used, for nobody knows more of the models of this device. */
const described = ({ id, lastUsed, shipped }: ModelEntry) => ({
  id,
  object: "model",
  created: Math.floor(lastUsed / 1000),
  owned_by: shipped ? "site" : "person",
});

/** @throws AlcoveError `bad-request` for a body that is no object of JSON */
async function json<T extends object>(request: Request): Promise<T> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as T;
  throw new AlcoveError("bad-request", "The body is no JSON object.", { action: "Send one." });
}
