"""A page with an eye on models with random weights: `pytest_plugins = ["eye_fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from eyes import looking_page, put_pair
from hub import Hub
from playwright.sync_api import Browser, Page

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture(scope="module")
def models(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("models")
    return [put_pair(hub, folder, name, seed=seed) for seed, name in enumerate(("one", "two"), 7)]


@pytest.fixture(scope="module")
def seeing(red_camera: Browser, site: SiteServer, models: list[dict[str, Any]]) -> Iterator[Page]:
    """One page for all tests of a module; `eye` is its model "one", loaded."""
    with looking_page(red_camera, site, models) as page:
        page.evaluate(
            """async () => {
                window.eye = await alcove.openVision({ model: "one" });
                window.look = (picture, options = {}, prompt = "What is it?") =>
                  eye.describe(picture, prompt, { maxTokens: 12, ...options });
                await look(draw(1));
            }"""
        )
        yield page
