"""
What becomes of a request with pictures when the engine's inner worker, where llama.cpp computes, goes wrong:
a typed error in bounded time, and the next request is answered by a new instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import copy_site
from hub import Hub
from inner_faults import FAULTY, noise, plan
from llamacpp import load, open_engine, put_before_worker
from looking import encode, file, look, small_model
from PIL import Image
from playwright.sync_api import BrowserContext, Page
from vision_models import MLP, Shape

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


@pytest.fixture(scope="module")
def faulty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    """The site with workers whose inner workers can be harmed."""
    copy = copy_site(tmp_path_factory.mktemp("faulty"))
    put_before_worker(copy, FAULTY)
    with SiteServer(copy) as server:
        yield server


@pytest.fixture
def page(profile: BrowserContext, faulty_site: SiteServer) -> Iterator[Page]:
    """A worker of its own; what the browser has stored, it finds."""
    page = open_engine(profile, faulty_site)
    yield page
    page.close()


# The first "get_result" is what encodes: an earlier one only says that the prompt was taken up.
@pytest.mark.parametrize(
    ("kind", "stage", "after"),
    [
        ("trap", "completion", 0),
        ("trap", "get_result", 0),
        ("abort", "get_result", 1),
        ("uncaught", "get_result", 1),
        ("trap", "get_result", 5),
    ],
)
def test_a_crash_fails_the_request_and_the_next_one_works(
    page: Page, hub: Hub, tmp_path: Path, kind: str, stage: str, after: int
) -> None:
    assert load(page, small_model(hub, tmp_path))["error"] is None
    plan(page, kind, stage, after)
    failed = look(page, noise(), max_tokens=30)
    assert failed["error"]["code"] in {"engine-crashed", "out-of-memory"}
    assert failed["error"]["action"]
    assert failed["ms"] < 15_000
    answer = look(page, noise())
    assert answer["error"] is None
    assert answer["usage"]["image_tokens"] == MLP.image_tokens


@pytest.mark.parametrize(("stage", "after"), [("get_result", 1), ("get_result", 6)])
def test_a_killed_inner_worker_is_noticed_and_replaced(
    page: Page, hub: Hub, tmp_path: Path, stage: str, after: int
) -> None:
    """Nothing tells of its death, only that it is silent: while it encodes, and while it speaks."""
    assert load(page, small_model(hub, tmp_path))["error"] is None
    plan(page, "gone", stage, after)
    failed = look(page, noise(), max_tokens=60)
    assert failed["error"]["code"] == "engine-crashed"
    assert failed["ms"] < 75_000
    assert look(page, noise())["error"] is None


def test_one_that_was_killed_between_requests_is_replaced(page: Page, hub: Hub, tmp_path: Path) -> None:
    assert load(page, small_model(hub, tmp_path))["error"] is None
    plan(page, "kill", "now")
    answer = look(page, noise())
    assert answer["error"] is None
    assert answer["usage"]["image_encode_ms"] > 0


def test_a_stop_does_not_wait_for_a_dead_inner_worker(page: Page, hub: Hub, tmp_path: Path) -> None:
    assert load(page, small_model(hub, tmp_path))["error"] is None
    plan(page, "kill", "get_result", 1)
    stopped = look(page, noise(), stop_ms=2_000)
    assert stopped["finish"] == "cancelled"
    assert stopped["stopMs"] < 1000


def test_bytes_that_are_no_text(page: Page, hub: Hub, tmp_path: Path) -> None:
    """A model can say bytes that are no UTF-8: what cannot be read is marked, the rest is kept."""
    assert load(page, small_model(hub, tmp_path, "bytes", Shape(unwritable=True)))["error"] is None
    answer = look(page, noise(), max_tokens=30)
    assert answer["error"] is None
    assert "\ufffd" in answer["text"]


def test_a_load_that_runs_out_of_memory_says_so(page: Page, hub: Hub, tmp_path: Path) -> None:
    plan(page, "trap", "load")
    model = small_model(hub, tmp_path)
    assert load(page, model)["error"]["code"] == "out-of-memory"
    assert load(page, model)["error"] is None
    assert look(page, noise())["error"] is None


def test_a_load_that_dies_is_told_and_the_next_one_works(page: Page, hub: Hub, tmp_path: Path) -> None:
    plan(page, "abort", "load")
    model = small_model(hub, tmp_path)
    error = load(page, model)["error"]
    assert error["code"] in {"engine-crashed", "out-of-memory", "model-invalid"}
    assert load(page, model)["error"] is None
    assert look(page, file(encode(Image.effect_noise((50, 50), 90))))["error"] is None
