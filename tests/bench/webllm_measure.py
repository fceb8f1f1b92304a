"""Alcove on WebLLM against WebLLM alone: the same model and prompt in the same page, in turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lab import ROOT, Figure, SiteServer, at_least, at_most, median, rate, told
from playwright.sync_api import Browser, Page, Route

from browsers import CHROMIUM_FLAGS, GPU_FLAGS, chromium_path  # isort: skip
from waiting import wait_ready  # isort: skip

# So small that Alcove's own part counts.
MODEL = "tiny-chat-webllm"
# What a person waits for the first word of.
REAL_MODEL = "smollm2-135m-instruct-webllm"
SYSTEM = "You are a helpful assistant."
# Long answers: the last piece of a short one waits for the end, which is a large part of it.
QUESTIONS = ("Tell me a story", "Count to forty")
TOKENS = 160
ROUNDS = 12
FEW = 4
FIRSTS = 24
REAL_FIRSTS = 6
LOADS = 5
# Nobody asks in the same moment in which a conversation opens or another answer ends.
PAUSE_MS = 200

_PEER = {
    "web-llm.js": ROOT / "node_modules" / "@mlc-ai" / "web-llm" / "lib" / "index.js",
    "peer.js": ROOT / "tests" / "bench" / "webllm_peer.js",
}
_PEER_WORKER = """
import { WebWorkerMLCEngineHandler } from "/peer/web-llm.js";
const handler = new WebWorkerMLCEngineHandler();
self.onmessage = (message) => handler.onmessage(message);
"""
# Keeps the URL of the engine's worker, so that the bench can start one of its own.
_CATCH_URL = """
const Original = window.Worker;
window.Worker = class extends Original {
  constructor(url, options) {
    super(url, options);
    if (String(url).includes("webllm.worker")) window.engineUrl = String(url);
  }
};
"""
_FIND = """
async (id) => {
  const model = await alcove.models.find(id);
  const base = new URL(".", location.href).href;
  const absolute = (url) => new URL(url, base).href;
  window.model = model;
  window.base = base;
  window.files = { id, weights: absolute(model.weights), library: absolute(model.library) };
}
"""
_OUR_LOAD = """
async () => {
  const began = performance.now();
  const worker = new Worker(engineUrl, { type: "module", name: "bench" });
  await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.rpc === "reply") resolve();
      if (data.rpc === "error") reject(new Error(data.error.message));
    };
    worker.postMessage({ rpc: "call", id: 1, op: "load", args: { model, base } });
  });
  const ms = performance.now() - began;
  worker.terminate();
  return ms;
}
"""
_PEER_LOAD = """
async () => {
  const { load } = await import("/peer/peer.js");
  window.peer?.worker.terminate();
  window.peer = await load(files);
  return peer.ms;
}
"""
_OUR_ANSWER = """
async ({ system, question, maxTokens, pause }) => {
  const chat = await alcove.openSession({
    provider: "webllm", model: model.id, system,
    plan: { providers: [{ module: "provider-webllm",
      config: { model: model.id, temperature: 0, max_tokens: maxTokens } }],
      session: { context: { module: "context-alcove", config: { system } } } },
  });
  const said = [];
  await new Promise((done) => setTimeout(done, pause));
  const began = performance.now();
  for await (const event of chat.send(question)) {
    if (event.type === "text") said.push([performance.now(), event.tokens]);
  }
  await chat.close();
  return { ttft: said[0][0] - began, said };
}
"""
_PEER_ANSWER = """
async ({ system, question, maxTokens, pause }) => {
  const { answer } = await import("/peer/peer.js");
  const messages = [{ role: "system", content: system }, { role: "user", content: question }];
  await new Promise((done) => setTimeout(done, pause));
  const began = performance.now();
  const said = await answer(peer.engine, messages, maxTokens);
  return { ttft: said[0][0] - began, said };
}
"""


def webllm(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens/s and time to the first token of a turn, and the load of a model that the browser holds."""
    with _page(browser, site) as page:
        _open(page, MODEL)
        _pairs(page, 2, TOKENS)
        speeds = [(rate(ours["said"]), rate(peer["said"])) for ours, peer in _pairs(page, ROUNDS, TOKENS)]
        added = [ours["ttft"] - peer["ttft"] for ours, peer in _pairs(page, FIRSTS, FEW)]
        loads = [(page.evaluate(_OUR_LOAD), page.evaluate(_PEER_LOAD)) for _ in range(LOADS)]
        _open(page, REAL_MODEL)
        firsts = [(ours["ttft"], peer["ttft"]) for ours, peer in _pairs(page, REAL_FIRSTS, FEW)]
    yield at_least("WebLLM: tokens/s of chat.send ÷ WebLLM alone", _ratio(speeds), "ratio", 0.97)
    yield at_most("WebLLM: time to first token ÷ WebLLM alone", _ratio(firsts), "ratio", 1.1)
    yield at_most("WebLLM: load of a cached model ÷ WebLLM alone", _ratio(loads), "ratio", 1.05)
    yield told("WebLLM: tokens/s through chat.send", median(ours for ours, _ in speeds), "tokens/s")
    yield told("WebLLM: time to first token", median(ours for ours, _ in firsts), "ms")
    yield told("WebLLM: what Alcove adds to it, with a tiny model", median(added), "ms")
    yield told("WebLLM: load of a cached model", median(ours for ours, _ in loads), "ms")


def _open(page: Page, model: str) -> None:
    """Loads `model` in Alcove, from the network if need be, and in the peer."""
    page.evaluate(_FIND, model)
    page.evaluate(_OUR_ANSWER, _ask(0, FEW))
    page.evaluate(_PEER_LOAD)


def _ask(number: int, tokens: int) -> dict[str, Any]:
    question = QUESTIONS[number % len(QUESTIONS)]
    return {"system": SYSTEM, "question": question, "maxTokens": tokens, "pause": PAUSE_MS}


def _pairs(page: Page, count: int, tokens: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Answers of both to the same questions, never the same twice in a row. Who begins changes."""
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for number in range(count):
        ask = _ask(number, tokens)
        order = (_PEER_ANSWER, _OUR_ANSWER) if number // 2 % 2 else (_OUR_ANSWER, _PEER_ANSWER)
        said = {side: page.evaluate(side, ask) for side in order}
        pairs.append((said[_OUR_ANSWER], said[_PEER_ANSWER]))
    return pairs


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of the pairs' own ratios: what slows the machine for a while slows both of a pair."""
    return median(ours / peer for ours, peer in pairs)


@contextmanager
def _page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    """A page with a software GPU, and the peer's files beside the site's own."""
    flags = [*CHROMIUM_FLAGS, *GPU_FLAGS]
    own = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    try:
        context = own.new_context(service_workers="block", bypass_csp=True)
        context.route("**/peer/*", _serve_peer)
        page = context.new_page()
        page.add_init_script(_CATCH_URL)
        page.goto(site.url)
        wait_ready(page)
        yield page
    finally:
        own.close()


def _serve_peer(route: Route) -> None:
    file = _PEER.get(route.request.url.rsplit("/", 1)[-1])
    route.fulfill(
        body=file.read_text() if file else _PEER_WORKER,
        content_type="text/javascript",
        headers={"Cross-Origin-Embedder-Policy": "require-corp"},
    )
