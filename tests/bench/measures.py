"""What is measured. Each function gives figures of one run, compared within that run."""

from __future__ import annotations

from collections.abc import Iterator

from agents_measure import agents
from documents.measure import documents
from documents_measure import documents_answers
from engine_busy import engine_busy
from engine_cost import engine_cost
from engine_eyes import engine_eyes
from engine_measure import engine
from flood_measure import flood
from home_measure import home
from interpreter_measure import interpreter
from lab import (
    READY_MARK,
    ROOT,
    Figure,
    SiteServer,
    at_least,
    at_most,
    median,
    rate,
    told,
    visit,
)
from long_measure import long
from playwright.sync_api import Browser, Page
from recall_measure import recall
from sdk_measure import sdk
from spawn_measure import spawn
from tabs_measure import tabs
from turn_measure import recognising, resuming, tool_turn, turn
from vila_measure import vila
from vision_measure import live, memory, vision
from voice_measure import voice
from webllm_measure import webllm

from build_steps.checks import MAX_FIRST_LOAD, first_load_bytes

from waiting import wait_until  # isort: skip

ROUNDS = 5
QUESTION = "Tell me a story about a lighthouse keeper."

_BARE_PAGE = """<!doctype html><script type="module">
import { loadPyodide } from "./pyodide.mjs";
await loadPyodide();
window.readyAt = performance.now();
</script>"""

# Keeps the engine's worker, so that the bench can call the very same worker without Alcove.
_CATCH_ENGINE = """
const Original = window.Worker;
window.Worker = class extends Original {
  constructor(url, options) {
    super(url, options);
    if (String(url).includes("llamacpp.worker")) window.engineWorker = this;
  }
};
"""

_DIRECT = """
async ({ messages, maxTokens }) => {
  if (!window.enginePort) {
    const { port1, port2 } = new MessageChannel();
    engineWorker.postMessage({ rpc: "call", id: 1e9, op: "connect", args: { port: port1 } }, [port1]);
    port2.start();
    window.enginePort = port2;
    window.nextCall = 1;
  }
  const id = window.nextCall++;
  const said = [];
  await new Promise((resolve, reject) => {
    const hear = ({ data }) => {
      if (data.id !== id) return;
      if (data.rpc === "item" && data.item.choices[0].delta.content) {
        said.push([performance.now(), data.item.tokens]);
      }
      if (data.rpc === "error") reject(new Error(data.error.message));
      if (data.rpc === "reply") { enginePort.removeEventListener("message", hear); resolve(); }
    };
    enginePort.addEventListener("message", hear);
    enginePort.postMessage({ rpc: "call", id, op: "complete",
      args: { request: { messages, max_tokens: maxTokens, temperature: 0 } } });
  });
  return said;
}
"""

_THROUGH = """
async ({ text, maxTokens }) => {
  const chat = await alcove.openSession({
    system: "You are a helpful assistant.",
    plan: { providers: [{ module: "provider-llamacpp", config: { temperature: 0, max_tokens: maxTokens } }] },
  });
  const said = [];
  for await (const event of chat.send(text)) {
    if (event.type === "text") said.push([performance.now(), event.tokens]);
  }
  await chat.close();
  return said;
}
"""


def start(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Navigation to session ready, against a bare `loadPyodide()` of the stock npm files."""
    stock = SiteServer(ROOT / "node_modules" / "pyodide", port=0)
    stock.start()
    ours, bare = [], []
    for _ in range(ROUNDS):
        with visit(browser, site, READY_MARK) as page:
            ours.append(page.evaluate("window.readyAt"))
        context = browser.new_context()
        page = context.new_page()
        page.route("**/bare.html", lambda route: route.fulfill(body=_BARE_PAGE, content_type="text/html"))
        page.goto(stock.url + "bare.html")
        wait_until(page, "window.readyAt")
        bare.append(page.evaluate("window.readyAt"))
        context.close()
    stock.stop()
    yield at_most("start ÷ bare loadPyodide", median(ours) / median(bare), "ratio", 0.5)
    yield told("start: navigation to session ready", median(ours), "ms")
    yield told("bare loadPyodide of the stock files", median(bare), "ms")


def tax(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens a second through `chat.send`, against the same engine worker called directly."""
    tokens = 48
    with visit(browser, site, _CATCH_ENGINE) as page:
        messages = [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": QUESTION},
        ]
        through_args = {"text": QUESTION, "maxTokens": tokens}
        direct_args = {"messages": messages, "maxTokens": tokens}
        for _ in range(4):  # loads the model; the browser's compiler works beside the first few turns
            page.evaluate(_THROUGH, through_args)
            page.evaluate(_DIRECT, direct_args)
        through, direct = [], []
        for _ in range(4 * ROUNDS):
            through.append(rate(page.evaluate(_THROUGH, through_args)))
            direct.append(rate(page.evaluate(_DIRECT, direct_args)))
    yield at_least("tokens/s: chat.send ÷ engine alone", median(through) / median(direct), "ratio", 0.97)
    yield told("tokens/s through chat.send", median(through), "tokens/s")
    yield told("tokens/s of the engine alone", median(direct), "tokens/s")


def generate(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens a second through RunAnywhere's `TextGeneration.generate`, against the engine's worker alone."""
    yield from sdk(browser, site, _CATCH_ENGINE, _DIRECT, QUESTION)


def smoothness(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """The longest task of the page's main thread while an answer streams."""
    with visit(browser, site) as page:
        _ask(page, "Say hello.")
        page.evaluate(
            """() => {
                window.longest = 0;
                new PerformanceObserver((list) => {
                  const tasks = list.getEntries().map((entry) => entry.duration);
                  window.longest = Math.max(window.longest, ...tasks);
                }).observe({ type: "longtask" });
            }"""
        )
        _ask(page, "Write a short story with a list of five things and some code.")
        longest = page.evaluate("window.longest")
    yield at_most("longest main-thread task while streaming (0: none over 50)", longest, "ms", 50)


def second_turn(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens that turn 2 prefills, against the tokens that turn 2 added to the conversation."""
    with visit(browser, site) as page:
        usages = page.evaluate(
            """async () => {
                const chat = await alcove.openSession();
                const usages = [];
                for (const text of ["Tell me about bees in two sentences.", "And about ants?"]) {
                  for await (const event of chat.send(text)) if (event.type === "usage") usages.push(event);
                }
                return usages;
            }"""
        )
    first, second = usages
    added = second["promptTokens"] - first["promptTokens"] - first["completionTokens"]
    prefilled = second["promptTokens"] - second["cachedTokens"]
    yield at_most("turn 2: prefilled tokens − new tokens", prefilled - added, "tokens", 2)
    yield told("turn 2: prefilled tokens", prefilled, "tokens")
    yield told("turn 2: prompt tokens", second["promptTokens"], "tokens")
    yield told("turn 1: time to first token", first["ttftMs"], "ms")
    yield told("turn 2: time to first token", second["ttftMs"], "ms")


def weight(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """JavaScript that a page loads before any lazy part: ours, and one that imports alcove.js."""
    del browser, site
    for name, page in (
        ("first-load JavaScript, gzipped", "firstLoad"),
        ("alcove.js with what it imports, gzipped", "firstLoadEmbed"),
    ):
        yield at_most(name, (first_load_bytes(page) or 0) / 1000, "KB", MAX_FIRST_LOAD[page] / 1000)


def _ask(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    page.get_by_test_id("stop").wait_for(state="attached")
    page.get_by_test_id("stop").wait_for(state="detached", timeout=240_000)


MEASURES = (
    *(weight, start, turn, tool_turn, resuming, recognising),
    *(second_turn, tax, generate, smoothness, flood, long, webllm),
    *(engine, engine_eyes, engine_cost, engine_busy, recall, tabs),
    *(vision, live, memory, vila, interpreter, spawn, home, voice, documents),
    agents,
    documents_answers,
)
ONLY_BY_NAME = (agents, documents_answers)
"""They need a model that is not fetched for anything else."""
