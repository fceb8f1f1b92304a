"""What Alcove itself takes, with an engine that answers at once in the place of llama.cpp's worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab import ROOT, Figure, SiteServer, at_most, median, percentile, told
from playwright.sync_api import Browser, Page

from waiting import wait_until  # isort: skip

ROUNDS = 10
# Of a processor that is faster than most: a larger share of it goes into what is done for each token.
TOKENS_PER_SECOND = 100

_TURNS = """async (tools) => {
  const add = { name: "add", description: "Adds two numbers.", sideEffects: false,
    execute: ({ a, b }) => a + b, inputSchema: { type: "object", required: ["a", "b"],
      properties: { a: { type: "number" }, b: { type: "number" } } } };
  const times = [];
  for (let round = 0; round < 12; round++) {
    const chat = await alcove.openSession(tools ? { tools: [add] } : {});
    for (let i = 0; i < 10; i++) {
      let results = 0;
      const started = performance.now();
      for await (const event of chat.send("hello")) {
        if (event.phase === "end") results += Number(event.success && event.result === 5);
        if (event.type === "end") times.push(performance.now() - started);
      }
      if (results !== Number(tools)) throw new Error(`${results} calls of the tool were answered`);
    }
    await chat.close();
  }
  return times.slice(20);
}"""

_RESUME = """async ([messages, rounds]) => {
  const said = Array.from({ length: messages }, (_, i) => ({
    role: i % 2 ? "assistant" : "user", content: `Message ${i}. ` + "It goes on for a while. ".repeat(20) }));
  const when = new Date().toISOString();
  const kept = { id: "long", title: "Long", created: when, updated: when, provider: "llamacpp", model: "",
    system: "", messages: said };
  const file = { format: "alcove-conversations", version: 1, conversations: [kept] };
  await alcove.conversations.import(new Blob([JSON.stringify(file)]));
  const opened = async (options) => {
    const began = performance.now();
    const chat = await alcove.openSession(options);
    const took = performance.now() - began;
    if (options.resume && (await chat.history()).length !== messages) throw new Error("messages are missing");
    await chat.close();
    return took;
  };
  const times = [];
  for (let round = 0; round < rounds; round++) {
    times.push([await opened({}), await opened({ resume: "long" })]);
  }
  return times;
}"""

# Milliseconds that Python takes to read an answer of so many tokens, without tools and with them.
_READ = """
import json, time
from providers.wire import ChunkAccumulator

words = ["Once ", "upon ", "a ", "time", ", ", "said ", "the ", "keeper", ". ", "In ", "code", ": "]
words += ["[1, ", "2] ", "{x} ", "f(x) "]
chunks = [json.dumps({"model": "m", "choices": [{"delta": {"content": words[i % 16]}}]}) for i in range(1600)]
tools = {f"tool_{i}": {"type": "object", "properties": {"a": {"type": "string"}}} for i in range(8)}

def read(tools):
    began = time.perf_counter()
    answer = ChunkAccumulator(tools)
    for chunk in chunks:
        answer.add(json.loads(chunk))
    answer.end()
    assert answer.text == "".join(words) * 100
    return (time.perf_counter() - began) * 1000 / len(chunks)

[[read(None), read(tools)] for _ in range(12)][2:]
"""


@contextmanager
def _instant_page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    engine = (ROOT / "tests" / "bench" / "instant_engine.js").read_text()
    context = browser.new_context(service_workers="block")
    context.route(
        "**/llamacpp.worker-*.js",
        lambda route: route.fulfill(
            body=engine,
            content_type="text/javascript",
            headers={"Cross-Origin-Embedder-Policy": "require-corp"},
        ),
    )
    page = context.new_page()
    page.goto(site.url)
    wait_until(page, "document.documentElement.dataset.state === 'ready'")
    yield page
    context.close()


def turn(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """A whole turn, `send` to `end`."""
    with _instant_page(browser, site) as page:
        times = page.evaluate(_TURNS, False)
    yield at_most("turn with an instant engine, p95", percentile(times, 0.95), "ms", 12)
    yield told("turn with an instant engine, median", median(times), "ms")


def tool_turn(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """The same with a call of a function of the page, its result, and an answer."""
    with _instant_page(browser, site) as page:
        times = page.evaluate(_TURNS, True)
    yield at_most("turn with a tool, instant engine, p95", percentile(times, 0.95), "ms", 30)
    yield told("turn with a tool, instant engine, median", median(times), "ms")


def resuming(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """A conversation of 200 messages, opened again, against a new one, in turns."""
    with _instant_page(browser, site) as page:
        times: list[list[float]] = page.evaluate(_RESUME, [200, ROUNDS])
    added = median(resumed - new for new, resumed in times)
    yield at_most("200 messages: opened again, over a new conversation", added, "ms", 300)
    yield told("a new conversation: opened in", median(new for new, _ in times), "ms")


def recognising(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """What looking for calls in an answer costs, of the time that its tokens take."""
    with _instant_page(browser, site) as page:
        times: list[list[float]] = page.evaluate("(code) => alcove.python.run(code)", _READ)
    added = median(looking - plain for plain, looking in times)
    share = added * TOKENS_PER_SECOND / 10
    yield at_most(f"recognising calls, of {TOKENS_PER_SECOND} tokens/s", share, "%", 1)
    yield told("reading a token that may be of a call", median(looking for _, looking in times) * 1000, "µs")
    yield told("reading a token where no tool is", median(plain for plain, _ in times) * 1000, "µs")
