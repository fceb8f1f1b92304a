"""A pure-Python `amplifier_core._engine`, for browsers and wherever the native engine cannot run.

import py_app.kernel
py_app.kernel.install()        # before the first import of amplifier_core
import amplifier_core
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence

__all__ = ["EngineAlreadyLoadedError", "install", "installed"]

ENGINE = "amplifier_core._engine"


class EngineAlreadyLoadedError(ImportError):
    """amplifier_core was imported with another engine before `install()` was called."""


class _EngineImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives our engine wherever `amplifier_core._engine` is imported, file or no file.

    A finder rather than an entry in `sys.modules`: so the import system makes it an attribute of the
    package too, as it does for the native one.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != ENGINE:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=__name__)

    def exec_module(self, module: types.ModuleType) -> None:
        from .engine import EXPORTS

        module.__doc__ = "The engine of amplifier_core, in Python."
        module.__dict__.update(EXPORTS)
        module.__dict__["__all__"] = list(EXPORTS)


def installed() -> bool:
    """Whether `install()` has put this engine in place."""
    return any(isinstance(finder, _EngineImporter) for finder in sys.meta_path)


def install() -> None:
    """Let amplifier_core be imported with this engine. Calling it again changes nothing.

    Raises:
        EngineAlreadyLoadedError: amplifier_core runs on another engine already.
    """
    if installed():
        return
    if ENGINE in sys.modules:
        raise EngineAlreadyLoadedError(
            "amplifier_core was already imported with another engine. "
            "Call py_app.kernel.install() before the first import of amplifier_core."
        )
    sys.meta_path.insert(0, _EngineImporter())
