// An engine that answers at once, and calls the first tool of a question that has some: what is left of a turn is Alcove's
// own.
const TOKENS = 4;
const life = new Promise((held) => {
  void navigator.locks.request(self.name, () => {
    held();
    return new Promise(() => {});
  });
});
const chunk = (delta, finish = null, usage = undefined) => ({
  id: "instant", object: "chat.completion.chunk", created: 0, model: "instant",
  choices: [{ index: 0, delta, finish_reason: finish }], ...(usage ? { usage } : {}),
});
const usage = {
  prompt_tokens: 10, completion_tokens: TOKENS, total_tokens: 10 + TOKENS,
  prompt_tokens_details: { cached_tokens: 0 }, ttft_ms: 0, prefill_tokens_per_second: 1e6, decode_tokens_per_second: 1e6,
};
let loaded = null;
let calls = 0;
const operations = {
  hello: () => life,
  ping: () => true,
  cached: () => [],
  describe: () => ({ engine: "llamacpp", version: "instant", model: loaded, busy: false }),
  load: ({ model }) => {
    loaded = { id: model.id, context: 4096, threads: 1, weights: "none", device: "none", loadMs: 0 };
    return loaded;
  },
  connect: ({ port }) => { serve(port); },
  complete: ({ request }, emit) => {
    const [tool] = request.messages.at(-1).role === "user" ? (request.tools ?? []) : [];
    if (tool) {
      const call = { name: tool.function.name, arguments: '{"a":2,"b":3}' };
      emit(chunk({ tool_calls: [{ index: 0, id: `call-${++calls}`, type: "function", function: call }] }));
      emit(chunk({}, "tool_calls", usage));
      return null;
    }
    for (let i = 0; i < TOKENS; i++) emit(chunk({ content: `word${i} ` }));
    emit(chunk({}, "stop", usage));
    return null;
  },
};
function serve(endpoint) {
  endpoint.addEventListener("message", async ({ data }) => {
    if (data?.rpc !== "call") return;
    const emit = (item) => endpoint.postMessage({ rpc: "item", id: data.id, item });
    const value = await operations[data.op]?.(data.args, emit);
    endpoint.postMessage({ rpc: "reply", id: data.id, value });
  });
  endpoint.start?.();
}
serve(self);
