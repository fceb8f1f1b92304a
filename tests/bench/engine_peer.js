// llama.cpp in wllama's own wasm and in ours, side by side in one page; both as wllama's README starts it.
import { Wllama } from "/peer/wllama.js";

class Ours extends Wllama {
  getWorkerResources() {
    const file = (kind) => new URL(`/peer/ours.${kind}`, location.href).href;
    return { wasmPath: file("wasm"), jsPath: file("js"), compat: true };
  }
}

/** Starts one with a model; `time` says how many tokens a second an answer to `prompt` took in and gave. */
export async function start(side, file, threads) {
  const wllama = new (side === "ours" ? Ours : Wllama)({ default: "/peer/wllama.wasm" });
  await wllama.loadModel([file], {
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
  return { time, end: () => wllama.exit() };
}
