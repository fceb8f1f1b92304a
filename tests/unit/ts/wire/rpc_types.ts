/**
 * What the compiler refuses between the page and its workers. `build.py check` runs this test: an error that is
 * expected and does not come is one. Nothing here is ever called; beside each mistake stands how it is right.
 */
import type { Chunk, LlamaCppModel, LoadedModel, LoadProgress } from "../../../../workers/engine/contract.ts";
import type { EngineProtocol } from "../../../../workers/engine/protocol.ts";
import type { LlamaCppProtocol } from "../../../../workers/llamacpp/protocol.ts";
import type { PageProtocol, PythonProtocol, TurnEvent } from "../../../../workers/python/protocol.ts";
import { type Handlers, type RpcClient, serve } from "../../../../workers/wire/rpc.ts";

export async function callAnEngine(engine: RpcClient<LlamaCppProtocol>, model: LlamaCppModel): Promise<void> {
  const about = { model, base: "https://example.org/" };
  const request = { messages: [{ role: "user" as const, content: "Hello" }] };

  const loaded: LoadedModel = await engine.call("load", about);
  // @ts-expect-error: a misspelt operation
  await engine.call("laod", about);
  // @ts-expect-error: an argument is missing
  await engine.call("load", { model });
  // @ts-expect-error: no arguments at all
  await engine.call("load");
  // @ts-expect-error: another kind of model
  await engine.call("load", { ...about, model: { ...model, engine: "webllm" } });
  // @ts-expect-error: the result is no text
  const text: string = await engine.call("load", about);

  await engine.call("load", about, { onItem: ({ stage }: LoadProgress) => stage });
  // @ts-expect-error: items of `load` are no chunks
  await engine.call("load", about, { onItem: ({ choices }: Chunk) => choices });

  await engine.call("complete", { request }, { onItem: ({ choices }) => choices });
  // @ts-expect-error: the request is wrapped
  await engine.call("complete", request);

  await engine.call("unload", {});
  // @ts-expect-error: it takes none
  await engine.call("unload", { model });

  const any: RpcClient<EngineProtocol<LlamaCppModel>> = engine;
  // @ts-expect-error: only llama.cpp imports files
  await any.call("import", { file: new File([], "a.gguf") });
  // @ts-expect-error: not every engine is llama.cpp
  const llama: RpcClient<LlamaCppProtocol> = any;

  void [loaded, text, llama];
}

export async function callPython(python: RpcClient<PythonProtocol>): Promise<void> {
  const prompt = { text: "Hello" };

  const running: boolean = await python.call("cancel", { session: "a", immediate: true });
  // @ts-expect-error: a misspelt operation
  await python.call("cancle", { session: "a", immediate: true });
  // @ts-expect-error: an argument is missing
  await python.call("cancel", { session: "a" });
  // @ts-expect-error: an argument of another type
  await python.call("cancel", { session: "a", immediate: "yes" });
  // @ts-expect-error: the result is no object
  const { id } = await python.call("cancel", { session: "a", immediate: true });

  await python.call("send", { session: "a", prompt }, { onItem: (event: TurnEvent) => event.type });
  // @ts-expect-error: items of `send` are no chunks
  await python.call("send", { session: "a", prompt }, { onItem: ({ choices }: Chunk) => choices });
  // @ts-expect-error: what the page is asked, Python is not
  await python.call("ensureModel", { model: "a" });

  void [running, id];
}

export function answerAsAnEngine(port: MessagePort, handlers: Handlers<EngineProtocol>): void {
  const { embed, ...rest } = handlers;
  serve<EngineProtocol>(port, { ...rest, embed });
  // @ts-expect-error: an operation is missing
  serve<EngineProtocol>(port, rest);
  // @ts-expect-error: a misspelt operation
  serve<EngineProtocol>(port, { ...rest, embde: embed });
  // @ts-expect-error: another result
  serve<EngineProtocol>(port, { ...handlers, cached: () => [1] });
  // @ts-expect-error: an argument that nobody sends
  serve<EngineProtocol>(port, { ...handlers, cached: ({ ids }) => ids });
  // @ts-expect-error: another item
  serve<EngineProtocol>(port, { ...handlers, complete: (_, { emit }) => emit("Hello") });
  // @ts-expect-error: it streams none
  serve<EngineProtocol>(port, { ...handlers, unload: (_, { emit }) => emit("gone") });
}

export function answerPython(port: MessagePort, page: Handlers<PageProtocol>): void {
  const { listModels, ...rest } = page;
  serve<PageProtocol>(port, { ...rest, listModels });
  // @ts-expect-error: an operation is missing
  serve<PageProtocol>(port, rest);
  // @ts-expect-error: another result
  serve<PageProtocol>(port, { ...page, see: async () => "a cat" });
  // @ts-expect-error: an argument of another type
  serve<PageProtocol>(port, { ...page, ensureModel: (model: string) => void model });
}
