"""The wheels that we pack ourselves: native ones less what no browser can run, and Alcove's own Python."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base import ROOT, BuildError, sources

_EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class _Native:
    """A package whose published wheels are native, and which runs without its native part."""

    folders: tuple[str, ...]
    without: tuple[str, ...] = ()
    """Python files below `folders` that a browser has no use for, by how their paths begin."""
    not_required: tuple[str, ...] = ()
    """Requirements that nothing in what is left imports."""


NATIVE = {
    # py_app/kernel stands in for its Rust engine. gRPC, terminals and pytest are not to be had in a tab.
    "amplifier-core": _Native(
        ("amplifier_core/",),
        without=("_grpc_gen/", "pytest_plugin.py", "cli.py"),
        not_required=("pyyaml", "click", "tomli"),
    ),
    # `yaml` does without libyaml by itself; `_yaml` is a name of its native part.
    "pyyaml": _Native(("yaml/",)),
}


def repack(native: Path, package: str) -> tuple[str, bytes]:
    """The Python files of a wheel of `NATIVE`, byte for byte, as a pure wheel: its file name and content."""
    only = NATIVE[package]
    with zipfile.ZipFile(native) as source:
        names = source.namelist()
        left_out = tuple(folder + path for folder in only.folders for path in only.without)
        files = {
            name: source.read(name)
            for name in names
            if name.startswith(only.folders) and name.endswith(".py") and not name.startswith(left_out)
        }
        (info,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        head, _, _ = source.read(info).decode().partition("\n\n")
        (licence,) = (name for name in names if name.endswith("/licenses/LICENSE"))
        files[licence] = source.read(licence)
    dropped = tuple(f"Requires-Dist: {name}" for name in only.not_required)
    kept = [line for line in head.splitlines() if not line.startswith(dropped)]
    name, version, _ = native.name.split("-", 2)
    return f"{name}-{version}-py3-none-any.whl", pack(f"{name}-{version}", files, "\n".join(kept) + "\n")


def pack_alcove() -> tuple[str, bytes]:
    """py_app and providers with the entry points of pyproject.toml. Returns the wheel's name and content."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in python_sources()}
    for path, content in files.items():
        try:
            compile(content, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise BuildError(f"{path}, line {error.lineno}: {error.msg}.", "Correct the file.") from error
    name, version = project["name"], project["version"]
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in project.get("dependencies", [])),
    ]
    points: Mapping[str, Mapping[str, str]] = project.get("entry-points", {})
    groups = [
        f"[{group}]\n" + "".join(f"{key} = {target}\n" for key, target in entries.items())
        for group, entries in points.items()
    ]
    content = pack(f"{name}-{version}", files, "\n".join(metadata) + "\n", "\n".join(groups))
    return f"{name}-{version}-py3-none-any.whl", content


def python_sources() -> list[Path]:
    """The files that go into Alcove's own wheel."""
    return sources("py_app", "providers", suffixes=(".py", ".json"))


def pack(stem: str, files: Mapping[str, bytes], metadata: str, entry_points: str = "") -> bytes:
    """A pure wheel (PEP 427), the same bytes for the same input. `stem` is name-version."""
    info = f"{stem}.dist-info"
    wheel = "Wheel-Version: 1.0\nGenerator: alcove\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = {**files, f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": wheel.encode()}
    if entry_points:
        content[f"{info}/entry_points.txt"] = entry_points.encode()
    record = "".join(f"{name},{_record_hash(data)},{len(data)}\n" for name, data in sorted(content.items()))
    content[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(content.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _record_hash(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
