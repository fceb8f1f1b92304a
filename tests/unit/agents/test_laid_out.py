"""The folders in which bundles are laid out: private to their process, there while they are used."""

from __future__ import annotations

import gc
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from bundles import MINIMAL, Bench

from py_app.agents.laid_out import folder_of_bundles, lay_out


def laid_out() -> set[str]:
    gc.collect()
    return {path.name for path in folder_of_bundles().iterdir()}


def test_the_folder_is_there_while_it_is_used_and_the_same_for_the_same_files():
    before = laid_out()
    one, same = lay_out({"a/b.txt": b"b"}), lay_out({"a/b.txt": b"b"})
    root = one.root
    assert same.root == root
    del one
    gc.collect()
    assert (root / "a/b.txt").read_bytes() == b"b"
    del same
    assert laid_out() == before
    assert (lay_out({"a/b.txt": b"b"}).root, root.exists()) == (root, False)


@pytest.mark.skipif(os.name != "posix", reason="the rights of files are POSIX's")
def test_nobody_else_writes_there():
    assert stat.S_IMODE(folder_of_bundles().stat().st_mode) == 0o700


async def test_a_bundle_is_there_for_its_sessions_and_those_that_were_read_last():
    bench = Bench()
    before = laid_out()
    chat = await bench.open(MINIMAL.replace("counter", "one that is used"))
    (used,) = laid_out() - before
    for number in range(6):
        await bench.report(MINIMAL.replace("counter", f"one of {number}"))
    assert used in laid_out()
    assert len(laid_out() - before) == 5
    await chat.call("close")
    del chat
    assert used not in laid_out()


def test_the_command_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "counter.md").write_text(MINIMAL)
    there = tmp_path / "there"
    there.mkdir()
    command = [sys.executable, "-m", "py_app.agents", str(tmp_path / "counter.md")]
    environment = {**os.environ, "TMPDIR": str(there), "TEMP": str(there)}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    assert list(there.iterdir()) == []
    assert str(folder_of_bundles()).startswith(str(Path(tempfile.gettempdir()).resolve()))
