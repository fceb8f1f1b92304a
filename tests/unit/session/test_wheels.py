"""Wheels that a person adds: what they replace, what they bring, and how a refusal is told."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from build_steps.runtime.wheels import pack

Install = Callable[..., Any]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Installs a made-up wheel by a micropip that unpacks it; gives what the page is answered."""
    site, given = tmp_path / "site", tmp_path / "given"
    site.mkdir()
    given.mkdir()
    failure: list[Exception] = []

    async def unpack(wheel: str) -> None:
        if failure:
            raise failure.pop()
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
            (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        (site / info / "PYODIDE_SOURCE").write_text(wheel)

    micropip = ModuleType("micropip")
    micropip.install = unpack  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "micropip", micropip)
    monkeypatch.syspath_prepend(str(site))
    from fakes import FakeHost

    from py_app.app import start

    app = start(FakeHost())

    async def install(name: str, files: dict[str, str], version: str = "1.0", **more: Any) -> Any:
        wheel = given / f"{name}-{version}-py3-none-any.whl"
        content = {path: text.encode() for path, text in files.items()}
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.write_bytes(pack(f"{name}-{version}", content, metadata, more.get("entry_points", "")))
        failure[:] = [more["fails"]] if "fails" in more else []
        return json.loads(await app.install(str(wheel)))

    return install


def greeting() -> str:
    return importlib.import_module("greeter_of_theirs").WORD


async def test_other_code_takes_the_place_of_what_was_imported(install: Install):
    files = {"greeter_of_theirs.py": "WORD = 'one'\n", "left_over.py": ""}
    report = (await install("greeter_of_theirs", files))["ok"]
    assert report == {"name": "greeter_of_theirs", "version": "1.0", "modules": [], "shadowed": []}
    importlib.import_module("left_over")
    assert greeting() == "one"
    # The same version and the same length: nothing but the code tells them apart.
    await install("greeter_of_theirs", {"greeter_of_theirs.py": "WORD = 'two'\n"})
    assert greeting() == "two"
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("left_over")
    newer = (await install("greeter_of_theirs", {"greeter_of_theirs.py": "WORD = 'six'\n"}, "2.0"))["ok"]
    assert (newer["version"], greeting()) == ("2.0", "six")
    named = [d for d in importlib.metadata.distributions() if d.name == "greeter_of_theirs"]
    assert [d.version for d in named] == ["2.0"]


async def test_modules_are_named_and_those_that_are_not_reached(install: Install):
    points = "[amplifier.modules]\ntool-of-theirs = x_of_theirs:mount\nprovider-openai = x_of_theirs:mount\n"
    report = (await install("x_of_theirs", {"x_of_theirs.py": ""}, entry_points=points))["ok"]
    assert report["modules"] == ["provider-openai", "tool-of-theirs"]
    first = next(iter(importlib.metadata.entry_points(group="amplifier.modules", name="provider-openai")))
    assert report["shadowed"] == (["provider-openai"] if first.dist.name != "x_of_theirs" else [])


@pytest.mark.parametrize("name", ["amplifier_core", "Amplifier.Core", "pydantic"])
async def test_what_alcove_is_made_of_is_not_replaced(install: Install, name: str):
    error = (await install(name, {"x.py": ""}, "9.9"))["error"]
    assert error["code"] == "bad-request"
    assert "is part of Alcove" in error["message"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Can't find a pure Python 3 wheel for 'aiohttp>=3'.\nSee", 'needs "aiohttp"'),
        ("Can't find a pure Python 3 wheel for: 'rich', 'x'\n", 'needs "rich"'),
        ("Requested 'pydantic<2', but pydantic==2.14.3 is already installed. If", "needs pydantic<2, and"),
        ("Wheel platform 'win_amd64' is not compatible with", "made for another Python"),
        ("Wheel interpreter version 'cp312' is not supported.", "made for another Python"),
        (zipfile.BadZipFile("File is not a zip file"), "is no wheel"),
    ],
)
async def test_what_is_in_the_way_is_named(install: Install, said: str | Exception, told: str):
    failure = said if isinstance(said, Exception) else ValueError(said)
    error = (await install("tool_of_theirs", {"x.py": ""}, fails=failure))["error"]
    assert error["code"] == "bad-request"
    assert told in error["message"]
    assert "tool-of-theirs" in error["message"]
