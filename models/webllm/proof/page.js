// WebLLM itself, on one of our models, with a logit processor that records what the network says and decides
// what comes next. Everything is called from Python (browser.py).
import { MLCEngine } from "./web-llm.js";

const NEVER = -1e30;

/** Records the logits of every step; `plan` may replace them, one entry a step. */
class Recorder {
  plan = [];
  recorded = [];

  /** @param {{token?: number, base?: number, set?: [number, number][]}[]} plan */
  start(plan) {
    this.plan = plan;
    this.recorded = [];
  }

  processLogits(logits) {
    const step = this.plan[this.recorded.length];
    this.recorded.push(logits.slice());
    if (step === undefined) return logits;
    logits.fill(step.base ?? NEVER);
    if (step.token !== undefined) logits[step.token] = 0;
    for (const [token, value] of step.set ?? []) logits[token] = value;
    return logits;
  }

  processSampledToken() {}
  resetState() {}
}

class Proof {
  #recorder = new Recorder();
  #engine;
  #id;

  async load(id) {
    const folder = new URL(`models/${id}/resolve/main/`, location.href).href;
    this.#id = id;
    this.#engine = new MLCEngine({
      appConfig: { model_list: [{ model: folder, model_id: id, model_lib: `${folder}${id}.wasm` }] },
      logitProcessorRegistry: new Map([[id, this.#recorder]]),
      logLevel: "WARN",
    });
    await this.#engine.reload(id);
  }

  /** One completion. `keep` also returns the recorded logits, each as base64 of float32. */
  async complete(request, plan = [], keep = false) {
    this.#recorder.start(plan);
    const stream = await this.#engine.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const out = { text: "", finish: null, usage: null, logprobs: [], deltas: 0 };
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      out.text += choice?.delta?.content ?? "";
      out.deltas += choice?.delta?.content ? 1 : 0;
      out.finish = choice?.finish_reason ?? out.finish;
      out.usage = chunk.usage ?? out.usage;
      for (const token of choice?.logprobs?.content ?? []) {
        out.logprobs.push({ token: token.token, logprob: token.logprob, top: token.top_logprobs });
      }
    }
    const logits = keep ? this.#recorder.recorded.map(base64) : [];
    return { ...out, steps: this.#recorder.recorded.length, logits };
  }

  /** Which of the library's functions computes a token from the one before. */
  decodeWith(name) {
    const pipeline = this.#engine.loadedModelIdToPipeline.get(this.#id);
    const { tvm, vm } = pipeline;
    tvm.beginScope();
    pipeline.decoding = tvm.detachFromCurrentScope(vm.getFunction(name));
    tvm.endScope();
  }

  async reset() {
    await this.#engine.resetChat();
  }

  async unload() {
    await this.#engine.unload();
  }

  /** The library's own sort: [values, tokens] of `values` in descending order, each as base64. */
  async sort(values) {
    const pipeline = this.#engine.loadedModelIdToPipeline.get(this.#id);
    const { tvm, device } = pipeline;
    tvm.beginScope();
    const input = tvm.empty([1, values.length], "float32", device).copyFrom(new Float32Array(values));
    const sorted = pipeline.fargsortProbs(input);
    const onHost = [
      tvm.empty([1, values.length], "float32", tvm.cpu()).copyFrom(sorted.get(0)),
      tvm.empty([1, values.length], "int32", tvm.cpu()).copyFrom(sorted.get(1)),
    ];
    await device.sync();
    const result = onHost.map((tensor) => base64(tensor.toArray()));
    tvm.endScope();
    return result;
  }
}

function base64(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

window.proof = new Proof();
