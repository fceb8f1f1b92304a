"""Wheels that a person adds: what they may replace, what they bring, and why one cannot be had."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions, entry_points
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import BadZipFile

from providers.json_types import Json
from py_app.errors import AlcoveError

_GROUP = "amplifier.modules"
_FROM_SITE = "pyodide"
"""The source that Pyodide notes of what its lock names: the packages of this site."""

_NO_WHEEL = re.compile(r"Can't find a pure Python 3 wheel for:? '([\w.-]+)")
_OTHER_VERSION = re.compile(r"Requested '([^']+)', but ([\w.-]+)==(\S+) is already installed")
_OTHER_PYTHON = re.compile(r"Wheel (platform|abi|interpreter version|was built) ")


async def install(wheel: str) -> Json:
    """Install a wheel (a path or an address of micropip's) or a package (a requirement).

    Returns {"name", "version", "modules": its Amplifier modules, "shadowed": those of them whose names mean
    others}; name and version are null where nothing is new. Newer code replaces older: sessions that are
    opened from now on run it. Raises AlcoveError (bad-request), which names what is in the way.
    """
    try:
        import micropip
    except ImportError:
        raise AlcoveError(
            "unsupported", "Wheels can be installed in the browser only.", action="Use pip."
        ) from None
    name = _package(wheel)
    old = _installed(name) if name and wheel.endswith(".whl") else None
    if old is not None and _is_of_site(old):
        raise AlcoveError(
            "bad-request",
            f'"{old.name}" is part of Alcove, and is not replaced.',
            action="Give your package another name.",
        )
    before = {_normal(dist.name) for dist in distributions()}
    replaced = _files(old) if old else set[Path]()
    try:
        await micropip.install(wheel)
    except (ValueError, BadZipFile) as error:
        raise _refusal(error, name or wheel) from error
    named = [dist for dist in distributions() if _normal(dist.name) == name]
    if old is not None:
        newest = next((dist for dist in named if dist.version != old.version), named[0])
        _forget(replaced, _files(newest))
        named = [newest]
    new = [dist for dist in distributions() if _normal(dist.name) not in {*before, name}]
    return _report([*named, *new])


def _report(brought: list[Distribution]) -> Json:
    """The package that was asked for is the first of them, where its name is known."""
    own = brought[0] if brought else None
    named = [(point.name, dist) for dist in brought for point in dist.entry_points if point.group == _GROUP]
    return {
        "name": own.name if own else None,
        "version": own.version if own else None,
        "modules": sorted({module for module, _ in named}),
        "shadowed": sorted({module for module, dist in named if _bearer(module) != dist.name}),
    }


def _bearer(module: str) -> str | None:
    """The package whose module of that name a plan gets: the kernel takes the first."""
    first = next(iter(entry_points(group=_GROUP, name=module)), None)
    return first.dist.name if first and first.dist else None


def _forget(old: set[Path], new: set[Path]) -> None:
    """Take away what only the old wheel had, and what Python remembers of the code of both."""
    for path in old | new:
        if path.suffix == ".py":
            with suppress(NotImplementedError):
                Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    for path in old - new:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in old - new}:
        if folder.name.endswith(".dist-info"):
            shutil.rmtree(folder, ignore_errors=True)  # micropip has notes of its own in it
    known = {str(path) for path in old | new}
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) in known:
            del sys.modules[name]
    importlib.invalidate_caches()


def _files(dist: Distribution) -> set[Path]:
    return {Path(str(file.locate())) for file in dist.files or ()}


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _is_of_site(dist: Distribution) -> bool:
    return (dist.read_text("PYODIDE_SOURCE") or _FROM_SITE).strip() == _FROM_SITE


def _package(wheel: str) -> str | None:
    """The package of a wheel's file, or of a requirement without more than a name; else None."""
    file = unquote(urlsplit(wheel).path).rsplit("/", 1)[-1]
    if file.endswith(".whl"):
        return _normal(file.split("-")[0])
    found = re.match(r"[\w.-]+$", wheel)
    return _normal(found[0]) if found else None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _refusal(error: Exception, wanted: str) -> AlcoveError:
    text = str(error)
    if found := _NO_WHEEL.search(text):
        if _normal(found[1]) == _normal(wanted):
            problem = f'Of "{wanted}" there is no wheel for this Python.'
        else:
            problem = f'"{wanted}" needs "{found[1]}", of which there is no wheel for this Python.'
        action = "Install a wheel of it in pure Python first, if there is one."
    elif found := _OTHER_VERSION.search(text):
        problem = f'"{wanted}" needs {found[1]}, and {found[2]} {found[3]} is installed.'
        action = "Take the other version away, reload the page and try again."
    elif _OTHER_PYTHON.match(text):
        problem = f'"{wanted}" is made for another Python, or has compiled code for another machine.'
        action = "Choose a wheel in pure Python (its name ends in none-any.whl), or one made for Pyodide."
    elif isinstance(error, BadZipFile) or "filename is invalid" in text:
        problem = f'"{wanted}" is no wheel, or a damaged one.'
        action = "Choose another file."
    else:
        raise error  # what was fetched when it failed says more
    return AlcoveError("bad-request", problem, action=action, detail=text)
