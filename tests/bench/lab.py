"""The browser, the sites and the words that every measure uses."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Route

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser" / "lab")]

from waiting import wait_ready  # noqa: E402

from build_steps.serve import SiteServer  # noqa: E402

WLLAMA = ROOT / "node_modules" / "@wllama" / "wllama" / "esm"
_PEERS = {"wllama.js": WLLAMA / "index.js", "wllama.wasm": WLLAMA / "wasm" / "wllama.wasm"}
_TYPES = {".js": "text/javascript", ".wasm": "application/wasm", ".gguf": "application/octet-stream"}
_HEADERS = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}


READY_MARK = """
new MutationObserver(() => {
  if (document.documentElement.dataset.state === "ready") window.readyAt ??= performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-state"] });
"""
"""Notes the moment at which a session can be asked, in `window.readyAt`."""


@dataclass
class Figure:
    """One measured value; `ok` is None where the value is only reported."""

    name: str
    value: float
    unit: str
    bound: str
    ok: bool | None

    def row(self) -> dict[str, object]:
        return asdict(self)


def at_most(name: str, value: float, unit: str, bound: float) -> Figure:
    return Figure(name, round(value, 3), unit, f"<= {bound:g}", value <= bound)


def at_least(name: str, value: float, unit: str, bound: float) -> Figure:
    return Figure(name, round(value, 3), unit, f">= {bound:g}", value >= bound)


def told(name: str, value: float, unit: str) -> Figure:
    return Figure(name, round(value, 3), unit, "", None)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


median = statistics.median


def rate(said: list[tuple[float, int]]) -> float:
    """Tokens a second after the first piece; a piece is its time in milliseconds and its tokens."""
    tokens = sum(tokens for _, tokens in said[1:])
    return tokens / (said[-1][0] - said[0][0]) * 1000


@contextmanager
def visit(browser: Browser, site: SiteServer, script: str | None = None) -> Iterator[Page]:
    """A page of a new visitor: nothing is cached."""
    context: BrowserContext = browser.new_context(service_workers="block")
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(site.url)
    wait_ready(page)
    yield page
    context.close()


@contextmanager
def main_thread(browser: Browser, page: Page) -> Iterator[list[float]]:
    """
    Milliseconds of processor time of the tasks of `page`'s main thread while the block runs, told at its end,
    the longest first. Other programs make a task last longer, but not cost more.
    """
    tasks: list[float] = []
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    yield tasks
    events = json.loads(browser.stop_tracing())["traceEvents"]
    names = ((e["args"]["name"], e["pid"], e["tid"]) for e in events if e["name"] == "thread_name")
    mains = {(process, thread) for name, process, thread in names if name == "CrRendererMain"}
    done = (e for e in events if e["name"] == "ThreadControllerImpl::RunTask" and "tdur" in e)
    tasks += sorted((e["tdur"] / 1000 for e in done if (e["pid"], e["tid"]) in mains), reverse=True)
    assert tasks, "the browser tells no processor time of its tasks"


@contextmanager
def peer_page(browser: Browser, site: SiteServer, files: Mapping[str, Path]) -> Iterator[Page]:
    """
    An isolated page of `site`, without our policy: what a peer needs is not ours to forbid. `files` and
    wllama lie under /peer/.
    """
    known = {**_PEERS, **files}
    context = browser.new_context(service_workers="block")

    def answer(route: Route) -> None:
        path = known.get(route.request.url.rsplit("/", 1)[-1])
        if path is None:
            route.fulfill(status=404)
            return
        route.fulfill(body=path.read_bytes(), content_type=_TYPES[path.suffix], headers=_HEADERS)

    context.route("**/peer/*", answer)
    empty = "<!doctype html><title>bench</title><body></body>"
    context.route(
        "**/bench.html", lambda route: route.fulfill(body=empty, content_type="text/html", headers=_HEADERS)
    )
    page = context.new_page()
    page.goto(site.url + "bench.html")
    yield page
    context.close()
