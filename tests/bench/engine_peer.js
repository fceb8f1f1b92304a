// llama.cpp in wllama's own wasm and in ours, side by side in one page; both as wllama's README starts it.
import { Wllama } from "/peer/wllama.js";

/** wllama with the files of a program of ours. */
function withProgram(side) {
  const wllama = new Wllama({ default: "/peer/wllama.wasm" });
  const file = (kind) => new URL(`/peer/${side}.${kind}`, location.href).href;
  wllama.getWorkerResources = () => ({ wasmPath: file("wasm"), jsPath: file("js"), compat: true });
  return wllama;
}

/**
 * Starts one with a model, and its projector if it has one.
 * `time`: how many tokens a second an answer to `prompt` took in and gave. `look`: milliseconds of an answer to a
 * picture, an image file. `likely`: natural logarithms of the likeliest next tokens after a text, by token.
 */
export async function start(side, files, threads) {
  const wllama = side === "stock" ? new Wllama({ default: "/peer/wllama.wasm" }) : withProgram(side);
  await wllama.loadModel(files, {
    n_ctx: 2048,
    n_threads: threads,
    n_batch: 256,
    n_ubatch: 256,
    n_parallel: 1,
    n_gpu_layers: 0,
  });
  const time = async (prompt, tokens) => {
    let timings;
    await wllama.createChatCompletion({
      messages: [{ role: "user", content: prompt }],
      max_tokens: tokens,
      temperature: 0,
      ignore_eos: true,
      cache_prompt: false,
      stream: true,
      timings_per_token: true,
      onData: (chunk) => {
        timings = chunk.timings ?? timings;
      },
    });
    return { prefill: timings.prompt_per_second, decode: timings.predicted_per_second };
  };
  const look = async (data, prompt, tokens) => {
    const began = performance.now();
    await wllama.createChatCompletion({
      messages: [{ role: "user", content: [{ type: "image", data }, { type: "text", text: prompt }] }],
      max_tokens: tokens,
      temperature: 0,
      ignore_eos: true,
    });
    return performance.now() - began;
  };
  const likely = (prompt, count) =>
    wllama.createCompletion({ prompt, max_tokens: 1, temperature: 0, n_probs: count, logprobs: count });
  return { time, look, likely, end: () => wllama.exit() };
}
