"""Pinned wheels, each checked against its SHA-256. Which index they come from is pip's own configuration."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .base import BuildError, cache_dir, last_lines, say, sha256

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$")
_TIMEOUT_S = 1800

# What pip must pretend to be so that it picks wheels made for Pyodide 314 (PEP 783); the manylinux tags
# are for the one native wheel of which only the Python files are taken.
PYODIDE_TAGS = (
    "--python-version=3.14",
    "--implementation=cp",
    "--abi=cp314",
    "--abi=abi3",
    "--abi=none",
    "--platform=pyemscripten_2026_0_wasm32",
    "--platform=manylinux_2_17_x86_64",
    "--platform=manylinux2014_x86_64",
)


@dataclass(frozen=True)
class Pin:
    """One line of a lock file: exactly one wheel."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def read_lock(path: Path) -> list[Pin]:
    """Reads a lock of one `name==version --hash=sha256:…` a line. Raises BuildError for any other line."""
    pins: list[Pin] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _PIN.match(line.strip())
        if not found:
            raise BuildError(
                f"{path.name}, line {number}: not a pinned wheel.",
                "Write it as name==version --hash=sha256:<64 hex digits>.",
            )
        pins.append(Pin(*found.groups()))
    return pins


def fetch(pins: Sequence[Pin], python: Path, tags: Sequence[str] = ()) -> dict[str, Path]:
    """
    Returns the wheel of each pin by name, from the cache or downloaded by `python -m pip`.
    Raises BuildError when a wheel cannot be had or is not the pinned one; the cache then holds nothing of it.
    """
    return {pin.name: cached(pin) or _download(pin, python, tags) for pin in pins}


def cached(pin: Pin) -> Path | None:
    """The wheel in the cache, or None. A damaged one is removed."""
    folder = _folder(pin)
    for wheel in folder.glob("*.whl"):
        if sha256(wheel) == pin.sha256:
            return wheel
        say(f"{wheel.name} in the cache is damaged: removed")
        shutil.rmtree(folder)
    return None


def _folder(pin: Pin) -> Path:
    return cache_dir() / "wheels" / pin.sha256


def _download(pin: Pin, python: Path, tags: Sequence[str]) -> Path:
    say(f"fetching {pin}")
    shelf = cache_dir() / "wheels"
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=shelf) as name:
        scratch = Path(name)
        lock = scratch / "lock.txt"
        lock.write_text(f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n")
        got = scratch / "got"
        command = [
            str(python),
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--retries=2",
        ]
        command += [
            "--no-deps",
            "--only-binary=:all:",
            "--require-hashes",
            *tags,
            "-r",
            str(lock),
            "-d",
            str(got),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise BuildError(f"{pin}: the download took over {_TIMEOUT_S} s.", "Run it again.") from error
        if done.returncode != 0:
            raise _failure(pin, done.stderr)
        wheel = next(got.glob("*.whl"))
        if sha256(wheel) != pin.sha256:  # pip checks too, but nothing enters the cache on another's word
            raise mismatch(pin, sha256(wheel))
        try:
            got.rename(_folder(pin))
        except OSError:  # another build put it there meanwhile
            shutil.rmtree(_folder(pin), ignore_errors=True)
            got.rename(_folder(pin))
        return _folder(pin) / wheel.name


def _failure(pin: Pin, output: str) -> BuildError:
    got = re.search(r"Got\s+([0-9a-f]{64})", output)
    if got:
        return mismatch(pin, got.group(1))
    errors = "\n".join(line for line in output.splitlines() if not line.startswith("WARNING"))
    return BuildError(
        f"{pin} is not in the cache ({cache_dir()}) and could not be downloaded:\n{last_lines(errors, 6)}",
        "Connect to the network, or point pip at a package index that has it, and run this again.",
    )


def mismatch(pin: Pin, got: str) -> BuildError:
    """What is said of a download that is another file than the pinned one."""
    return BuildError(
        f"{pin}: what was downloaded is not the pinned file (damaged or tampered with); it was thrown away.\n"
        f"    expected sha256 {pin.sha256}\n    got sha256      {got}",
        "Run this again. If it stays so, the package index or a proxy hands out another file: do not use it.",
    )
