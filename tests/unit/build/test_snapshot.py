"""Python's memory as the build keeps it. That Python goes on from it, every test in a browser shows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from build_steps.base import BuildError
from build_steps.runtime.snapshot import packed, snapshot

PAGE = 4096


@pytest.mark.parametrize(
    "memory",
    [
        b"",
        bytes(PAGE),
        b"x" + bytes(3 * PAGE) + b"y" * PAGE + bytes(PAGE),
        bytes(2 * PAGE) + b"the end is no whole page",
        b"z" * (2 * PAGE + 7),
    ],
)
def test_what_is_not_zero_is_kept_where_it_was(memory: bytes) -> None:
    file = packed(memory, {"site": "/packages"})
    end = 4 + int.from_bytes(file[:4], "little")
    header = json.loads(file[4:end])
    found = bytearray(header["bytes"])
    for at, size in header["runs"]:
        found[at : at + size] = file[end : end + size]
        end += size
    assert (bytes(found), end, header["site"]) == (memory, len(file), "/packages")
    assert not any(file[at : at + 2 * PAGE] == bytes(2 * PAGE) for at in range(0, len(file), PAGE))


def test_more_than_one_compiled_library_is_refused(tmp_path: Path) -> None:
    wheels = [tmp_path / "one.whl", tmp_path / "two.whl"]
    for wheel in wheels:
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{wheel.stem}/native.so", b"")
    with pytest.raises(BuildError, match="2 compiled libraries"):
        snapshot(tmp_path, wheels, seed=1)


def test_a_deflated_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "one.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one/__init__.pyc", b"0" * 100)
    with pytest.raises(BuildError, match="deflated"):
        snapshot(tmp_path, [wheel], seed=1)
