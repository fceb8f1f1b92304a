"""What every step shares: where things are, how to say something, how to fail, how to write a file."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
_KEEP_RESULTS_S = 30 * 24 * 3600


class BuildError(Exception):
    """Something the person at the keyboard can act on: what failed, and what to do about it."""

    def __init__(self, problem: str, action: str) -> None:
        super().__init__(f"{problem}\n  -> {action}")
        self.problem = problem
        self.action = action


def cache_dir() -> Path:
    """Where downloads and slow results live between runs: ALCOVE_CACHE, or ~/.cache/alcove."""
    return Path(os.environ.get("ALCOVE_CACHE") or Path.home() / ".cache" / "alcove").absolute()


def say(text: str) -> None:
    """Prints one line of progress."""
    print(f"· {text}", flush=True)


def forget_old_results() -> None:
    """Removes what was derived over a month ago and what killed builds left. Downloads stay."""
    limit = time.time() - _KEEP_RESULTS_S
    derived = [cache_dir() / shelf / "*" for shelf in ("bytecode", "compressed", "runtime")]
    for pattern in (*derived, cache_dir() / "wheels" / ".part-*", ROOT / ".cache" / ".part-*"):
        for path in pattern.parent.glob(pattern.name):
            try:
                if path.stat().st_mtime > limit:
                    continue
            except FileNotFoundError:  # another build beside this one has used it up
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def sha256(data: bytes | Path) -> str:
    """Hex SHA-256 of bytes or of a file's content."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(parts: Iterable[str | bytes | Path]) -> str:
    """One hex digest over strings, bytes and files; a missing file counts as such."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = sha256(part).encode() if part.is_file() else b"missing"
            part = f"{part.name}:".encode() + content
        elif isinstance(part, str):
            part = part.encode()
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def sources(*folders: str, suffixes: Sequence[str] = ()) -> list[Path]:
    """The files below these folders of the project, sorted, without caches."""
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]
    return [path for path in found if not suffixes or path.suffix in suffixes]


def write_atomic(path: Path, data: bytes | Path) -> None:
    """Writes bytes (or a copy of a file) so that `path` is either absent, old or whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                with data.open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise BuildError(f"Could not write {path}: {error.strerror}.", "Free some disk space.") from error
    finally:
        partial.unlink(missing_ok=True)


def place(path: Path, source: Path) -> None:
    """Puts a file that is never written to again at `path`: a hard link where possible, else a copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".part-{os.getpid()}-{path.name}")
    partial.unlink(missing_ok=True)
    try:
        os.link(source, partial)
    except OSError:
        write_atomic(path, source)
    else:
        partial.replace(path)
        partial.unlink(missing_ok=True)  # rename does nothing when both already are the same file


def is_stamped(stamp: Path, key: str) -> bool:
    """Whether the step that owns `stamp` already ran with these inputs."""
    return stamp.is_file() and stamp.read_text() == key


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    action: str,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 1800,
    cwd: Path = ROOT,
) -> str:
    """
    Runs a tool and returns what it printed.
    Raises BuildError, with the tool's last lines, when it is missing, fails or takes over `timeout` seconds.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            input=stdin,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError as error:
        raise BuildError(f"{doing}: {command[0]} was not found.", action) from error
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{doing}: no end after {timeout:.0f} s.", action) from error
    if done.returncode != 0:
        raise BuildError(f"{doing} failed:\n{last_lines(done.stderr or done.stdout)}", action)
    return done.stdout


def last_lines(text: str, count: int = 20) -> str:
    """The end of a tool's output, indented."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-count:])


def base_python() -> str:
    """The interpreter that made the venv we may be running in, or this one."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)
