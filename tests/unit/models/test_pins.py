"""models/pins.json: what of a hub is pinned, and from where we know it. The rest says why it is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

MODELS = Path(__file__).resolve().parents[3] / "models"
PINS: dict[str, Any] = json.loads((MODELS / "pins.json").read_text())
CATALOGUE = MODELS / "catalogue"
GGUF: list[dict[str, Any]] = [
    model
    for name in ("vision", "embedding", "voice")
    for model in json.loads((CATALOGUE / name / "hub.json").read_text())
]
WEBLLM: list[dict[str, Any]] = json.loads((CATALOGUE / "webllm" / "prebuilt.json").read_text())
ADDRESS = re.compile(
    r"https://huggingface\.co/(?P<repository>[^/]+/[^/]+)/resolve/(?P<at>[^/]+)/(?P<file>.*)"
)


def reason(url: str) -> str | None:
    """Why what lies at `url` is not pinned, where we say so."""
    return next((why for prefix, why in PINS["unpinned"].items() if url.startswith(prefix)), None)


def test_what_is_pinned_was_published_by_several_who_do_not_know_each_other() -> None:
    for name, pin in {**PINS["commits"], **PINS["hashes"], **PINS["libraries"]}.items():
        sources = pin.get("named", [])
        assert len(sources) == len(set(sources)), name
        assert len(sources) + pin.get("others", 0) >= 2, name


def test_a_folder_is_taken_at_its_commit_or_we_say_why_not() -> None:
    used: set[str] = set()
    for url in [file["url"] for model in GGUF for file in model["files"]] + [
        each["weights"] for each in WEBLLM
    ]:
        found = ADDRESS.fullmatch(url)
        assert found, url
        pin = PINS["commits"].get(found["repository"])
        if pin:
            used.add(found["repository"])
            assert found["at"] == pin["commit"], url
            assert re.fullmatch("[0-9a-f]{40}", pin["commit"])
        else:
            assert found["at"] == "main", url
            assert reason(url), url
    assert used == set(PINS["commits"]), "a pin that nothing uses"


def test_a_gguf_file_has_its_published_hash_or_we_say_why_not() -> None:
    used: set[str] = set()
    for file in (file for model in GGUF for file in model["files"]):
        found = ADDRESS.fullmatch(file["url"])
        assert found
        name = f"{found['repository']}/{found['file']}"
        pin = PINS["hashes"].get(name)
        if pin:
            used.add(name)
            assert (file["sha256"], file["bytes"]) == (pin["sha256"], pin["bytes"]), name
            assert re.fullmatch("[0-9a-f]{64}", pin["sha256"])
        else:
            assert "sha256" not in file, name
            assert reason(file["url"]), name
    assert used == set(PINS["hashes"]), "a pin that nothing uses"


def test_a_library_is_pinned_by_commit_and_hash_or_we_say_why_not() -> None:
    """They are programs: what our own record knows must hold."""
    pinned = {
        url.replace("/main/", f"/{pin['commit']}/"): pin["sha256"] for url, pin in PINS["libraries"].items()
    }
    for model in WEBLLM:
        library = model["library"]
        assert model.get("librarySha256") == pinned.get(library), model["id"]
        assert library in pinned or reason(library), library
    assert set(pinned) <= {model["library"] for model in WEBLLM}, "a pin that nothing uses"
