// WebLLM alone, as its README starts it: CreateWebWorkerMLCEngine and a worker with its own handler.
import { CreateWebWorkerMLCEngine } from "/peer/web-llm.js";

/** Starts a worker and loads a model: the time of both, and the engine. */
export async function load({ id, weights, library }) {
  const began = performance.now();
  const worker = new Worker("/peer/worker.js", { type: "module" });
  const appConfig = { model_list: [{ model: weights, model_id: id, model_lib: library }] };
  const engine = await CreateWebWorkerMLCEngine(worker, id, { appConfig });
  return { engine, worker, ms: performance.now() - began };
}

/** Streams one answer: the time and the tokens of each piece. */
export async function answer(engine, messages, maxTokens) {
  const said = [];
  const chunks = await engine.chat.completions.create({
    messages, max_tokens: maxTokens, temperature: 0, stream: true,
  });
  for await (const chunk of chunks) {
    if (chunk.choices[0]?.delta.content) said.push([performance.now(), 1]);
  }
  return said;
}
