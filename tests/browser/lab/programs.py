"""Engines' pages that run a build of llama.cpp of the test's choice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browsers import copy_site
from llamacpp import put_before_worker
from playwright.sync_api import BrowserContext, Request

from build_steps.serve import SiteServer

# Those that Alcove compiles.
PROGRAMS = ("relaxed", "simd", "single")
NO_RELAXED_SIMD = """
const validate = WebAssembly.validate;
WebAssembly.validate = (bytes) => bytes.length !== 40 && validate(bytes);
"""


@contextmanager
def site_that_runs(program: str, folder: Path) -> Iterator[SiteServer]:
    """A copy of the site, in `folder`, whose engine's worker takes `program`."""
    site = copy_site(folder)
    if program == "simd":
        put_before_worker(site, NO_RELAXED_SIMD)
    with SiteServer(site, port=0, isolation=program != "single") as server:
        yield server


def programs_of(context: BrowserContext) -> list[str]:
    """The names of the builds that are fetched from now on."""
    fetched: list[str] = []

    def note(request: Request) -> None:
        if found := re.search(r"/llamacpp-(\w+)-\w+\.wasm$", request.url):
            fetched.append(found[1])

    context.on("request", note)
    return fetched
