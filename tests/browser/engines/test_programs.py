"""Which build of llama.cpp a browser runs, and what becomes of one that computes wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub import Hub
from inner_faults import FAULTY, noise, plan
from llamacpp import load, open_engine, put_before_worker
from looking import look, small_model
from playwright.sync_api import BrowserContext, Page
from programs import NO_RELAXED_SIMD, programs_of

from build_steps.serve import SiteServer

NO_JSPI = "delete WebAssembly.Suspending; delete WebAssembly.promising;"
# The first inner worker never answers when it is asked to compute known numbers.
SILENT = """
{
  const Real = globalThis.Worker;
  let silenced = false;
  globalThis.Worker = class extends Real {
    postMessage(message, transfer) {
      if (message?.args?.[0] === "test_backend_ops" && !silenced) silenced = true;
      else super.postMessage(message, transfer);
    }
  };
}
"""


# Opens a page whose engine's worker runs some code first; gives the names of the builds that are fetched too.
Opener = Callable[[str], tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


@pytest.fixture
def page_with(newcomer: BrowserContext, copied_site: Path) -> Iterator[Opener]:
    with SiteServer(copied_site, port=0) as server:

        def open_page(code: str) -> tuple[Page, list[str]]:
            put_before_worker(copied_site, code)
            return open_engine(newcomer, server), programs_of(newcomer)

        yield open_page


@pytest.mark.parametrize(("code", "expected"), [("", "relaxed"), (NO_RELAXED_SIMD, "simd")])
def test_the_browser_decides(page_with: Opener, hub: Hub, tmp_path: Path, code: str, expected: str) -> None:
    page, fetched = page_with(code)
    assert load(page, small_model(hub, tmp_path))["error"] is None
    assert look(page, noise())["error"] is None
    assert set(fetched) == {expected}


def test_one_that_does_not_compute_rightly_is_passed_over(
    page_with: Opener, hub: Hub, tmp_path: Path
) -> None:
    page, fetched = page_with(SILENT)
    assert load(page, small_model(hub, tmp_path))["error"] is None
    assert look(page, noise())["error"] is None
    assert fetched[0] == "relaxed"
    assert fetched[-1] == "simd"


def test_an_old_browser_runs_the_build_for_it(page_with: Opener, hub: Hub, tmp_path: Path) -> None:
    """It has fast code for F32 only: weights are widened where memory allows that."""
    page, fetched = page_with(FAULTY + NO_JSPI)
    model = small_model(hub, tmp_path)
    result = load(page, model)
    assert result["error"] is None
    assert result["loaded"]["weights"] == "F32"
    assert look(page, noise())["error"] is None
    assert set(fetched) == {"compat"}
    page.evaluate("() => engine.call('unload', {}).done")
    plan(page, "trap", "load")
    again = load(page, model)
    assert again["error"] is None
    assert again["loaded"]["weights"] == "F16"
