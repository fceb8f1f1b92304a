"""The weight of a page's start is bounded, for our page and for one that imports alcove.js."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from build_steps import checks


@pytest.mark.parametrize(("page", "most"), [("firstLoad", 60), ("firstLoadEmbed", 40)])
def test_a_start_that_is_too_heavy_is_told(
    page: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "DIST", tmp_path)
    (tmp_path / "build.json").write_text(json.dumps({page: ["a.js", "b.js"]}))
    script = random.Random(1).randbytes(most * 1000)  # nothing compresses it
    (tmp_path / "a.js").write_bytes(script[: most * 500])
    (tmp_path / "b.js").write_bytes(script[most * 500 + 512 :])
    assert checks._first_load(page) == ""
    (tmp_path / "b.js").write_bytes(script[most * 500 :])
    assert checks._first_load(page).startswith(f"{most}.1 KB gzipped, at most {most} KB: import lazily")


def test_before_a_build_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "DIST", tmp_path)
    assert checks.first_load_bytes("firstLoad") is None
    (tmp_path / "build.json").write_text("{}")  # of a version that did not list them
    assert checks.first_load_bytes("firstLoad") is None
