"""Fixtures for the WebLLM worker: a test module takes them with `pytest_plugins = ["webllm_fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import ANSWER_MS
from llamacpp import load
from playwright.sync_api import Browser, BrowserContext, Page
from webllm import Lab, start_engine, tiny_chat

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def lab_site(lab: Lab) -> Iterator[SiteServer]:
    with SiteServer(lab.root) as server:
        yield server


@pytest.fixture(scope="module")
def person(gpu_browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser: what it has stored stays for the whole module."""
    context = gpu_browser.new_context(service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


@pytest.fixture
def fresh(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with a worker that holds no model."""
    page = person.new_page()
    start_engine(page, lab_site)
    yield page
    page.close()


@pytest.fixture(scope="module")
def loaded(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with tiny-chat loaded in a worker of its own."""
    page = person.new_page()
    start_engine(page, lab_site)
    result = load(page, tiny_chat())
    assert result["error"] is None
    assert result["stages"] == ["downloading", "loading", "compiling", "warming"]
    assert result["loaded"]["context"] == 2048
    assert result["loaded"]["weights"] == "q0f32"
    yield page
    page.close()
