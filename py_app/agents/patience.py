"""Loads the modules of an agent: none is waited for without end, and what fails is told by its name."""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
from collections.abc import Awaitable, Callable
from importlib.metadata import entry_points
from typing import Any

from amplifier_core.loader import ModuleLoader
from amplifier_core.module_sources import ModuleNotFoundError as NotAtHandError

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.errors import Refusal

logger = logging.getLogger(__name__)

_MOUNT_SECONDS = 10.0
_CLEANUP_SECONDS = 5.0
_NO_PACKAGE = re.compile(r"No module named '(?P<name>[\w.]+)'")
_VALIDATION = re.compile(r"^Module '.*' failed validation: .*? Errors: ")

Cleanup = Callable[[], Any]
Mount = Callable[[Coordinator], Awaitable[Cleanup | None]]


class PatientLoader(ModuleLoader):
    """Amplifier's loader. Every failure, also of a module that ends the program, is in `failed`."""

    def __init__(self, coordinator: Any, begins: Callable[[str], None] = lambda module_id: None) -> None:
        """`begins` hears which module is loaded next: code that never returns can say nothing any more."""
        super().__init__(coordinator=coordinator)
        self._begins = begins
        self.mounted: list[str] = []
        self.failed: list[Refusal] = []

    async def load(
        self,
        module_id: str,
        config: Json | None = None,
        source_hint: Any = None,
        coordinator: Any = None,
    ) -> Mount:
        """Amplifier's `load`. Raises ImportError with the reason for whatever a module fails with."""
        self._begins(module_id)
        try:
            upstream: Any = super()
            # No task of its own, as `wait_for` makes: out of one, what ends the program ends the event loop.
            async with asyncio.timeout(_MOUNT_SECONDS):
                mount: Mount = await upstream.load(module_id, config, source_hint, coordinator)
        except BaseException as error:
            raise self._refused(module_id, error) from error

        async def mount_in_time(coordinator: Coordinator) -> Cleanup | None:
            try:
                async with asyncio.timeout(_MOUNT_SECONDS):
                    cleanup = await mount(coordinator)
            except BaseException as error:
                raise self._refused(module_id, error) from error
            self.mounted.append(module_id)
            return _in_time(module_id, cleanup) if callable(cleanup) else None

        if ready := getattr(mount, "__on_session_ready__", None):
            mount_in_time.__on_session_ready__ = ready  # type: ignore[attr-defined]
        return mount_in_time

    def _refused(self, module_id: str, error: BaseException) -> BaseException:
        if isinstance(error, asyncio.CancelledError):
            return error
        reason = reason_of(module_id, error)
        self.failed.append({"module": module_id, "reason": reason})
        return ImportError(reason)


def reason_of(module_id: str, error: BaseException) -> str:
    """Why a module cannot be had, in words for a person."""
    if isinstance(error, TimeoutError):
        return f"it did not begin within {_MOUNT_SECONDS:.0f} seconds"
    words = str(error)
    if isinstance(error, NotAtHandError) or "found via entry points" in words or "failed to load" in words:
        hidden = _import_failure(module_id)  # the loader keeps to itself what an import failed with
        if hidden is None:
            return "it is not installed: add its wheel, or put its repository into the zip"
        error, words = hidden, f"{type(hidden).__name__}: {hidden}"
    if found := _NO_PACKAGE.search(words):
        return f"it needs the Python package {found['name'].split('.')[0]}, which is not installed"
    if isinstance(error, SystemExit):
        return "it ends the program when it is loaded"
    return (_VALIDATION.sub("", words) or type(error).__name__)[:500]


def _import_failure(module_id: str) -> BaseException | None:
    """What the code of a module fails with when it is imported; None where there is no code of it."""
    point = next(iter(entry_points(group="amplifier.modules", name=module_id)), None)
    package = f"amplifier_module_{module_id.replace('-', '_')}"
    try:
        _ = point.load() if point else importlib.import_module(package)
    except ModuleNotFoundError as error:
        return None if error.name == package else error
    except BaseException as error:
        return error
    return None


def _in_time(module_id: str, cleanup: Cleanup) -> Callable[[], Awaitable[None]]:
    async def in_time() -> None:
        try:
            result = cleanup()
            if asyncio.iscoroutine(result):
                async with asyncio.timeout(_CLEANUP_SECONDS):
                    await result
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            logger.warning("%s was not cleaned up: %s", module_id, error or type(error).__name__)

    return in_time
