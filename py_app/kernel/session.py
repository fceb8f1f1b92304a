"""Session: a mount plan brought to life, prompts run through its orchestrator, and its end."""

import asyncio
import logging
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from .calls import CancelWatch, Work, settle
from .checks import Sealed, error_text, expect, expect_optional
from .coordinator import RustCoordinator, Unit
from .jsondata import Json, canonical

if TYPE_CHECKING:
    from amplifier_core.approval import ApprovalSystem
    from amplifier_core.display import DisplaySystem

_log = logging.getLogger("_engine.session")


class RustSession(Sealed):
    """One Amplifier session: `initialize()`, any number of `execute()`, `cleanup()`."""

    __slots__ = (
        "_cleaning",
        "_config",
        "_coordinator",
        "_initialized",
        "_initializing",
        "_resumed",
        "_started",
    )

    def __init__(
        self,
        config: Json,
        loader: object = None,
        session_id: str | None = None,
        parent_id: str | None = None,
        approval_system: "ApprovalSystem | None" = None,
        display_system: "DisplaySystem | None" = None,
        is_resumed: bool = False,
    ) -> None:
        """`config` is the mount plan. A loader goes to `coordinator.loader`; the argument is not used.

        Raises ValueError for a plan without orchestrator or context, RuntimeError for one that is not JSON.
        """
        expect(config, dict)
        expect_optional(session_id, str)
        expect_optional(parent_id, str)
        expect(is_resumed, bool)
        _check(config)
        if loader is not None:
            _log.warning("loader is not used: set session.coordinator.loader instead")
        self._config = config
        self._resumed = is_resumed
        self._initialized = False
        self._started = False
        self._initializing = asyncio.Lock()
        self._cleaning = asyncio.Lock()
        session_id = str(uuid.uuid4()) if session_id is None else session_id
        # The session itself takes this stand-in's place on the coordinator when it is initialized.
        stand_in = SimpleNamespace(session_id=session_id, parent_id=parent_id, config=config)
        self._coordinator = RustCoordinator(stand_in, approval_system, display_system)
        self._coordinator.hooks.set_default_fields(session_id=session_id, parent_id=parent_id)

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self._coordinator.session_id

    @property
    def parent_id(self) -> str | None:
        """The parent session's id, if this is a child."""
        return self._coordinator.parent_id

    @property
    def coordinator(self) -> RustCoordinator:
        """The coordinator that the session made."""
        return self._coordinator

    @property
    def config(self) -> Json:
        """The mount plan, the very object that was given."""
        return self._config

    @property
    def is_resumed(self) -> bool:
        """Whether the session goes on from an earlier one."""
        return self._resumed

    @property
    def initialized(self) -> bool:
        """Whether modules are loaded and `cleanup` has not run since."""
        return self._initialized

    async def initialize(self) -> Unit:
        """Load and mount the modules of the plan; nothing happens if that is done.

        Raises RuntimeError if the orchestrator or the context manager cannot be loaded.
        """
        async with self._initializing:
            if self._initialized:
                return ()
            from amplifier_core._session_init import initialize_session

            coordinator = self._coordinator
            coordinator._set_session(self)  # pyright: ignore[reportPrivateUsage]
            watch = CancelWatch()
            try:
                await initialize_session(self._config, coordinator, self.session_id, self.parent_id)
            except (Exception, asyncio.CancelledError) as error:
                if watch.cancelled:
                    raise
                raise RuntimeError(f"Session initialization failed: {error_text(error)}") from error
            self._initialized = True
        return ()

    def execute(self, prompt: str) -> Work[str]:
        """Run a prompt through the orchestrator and give its answer.

        The first call emits session:start or session:resume. After a cancelled run cancel:completed follows.

        Raises RuntimeError when not initialized (at the call) and for whatever the orchestrator raises
        (`Execution failed: Type: message`, the original as its cause), TypeError for an answer that is
        no text.
        """
        expect(prompt, str)
        if not self._initialized:
            raise RuntimeError("Session not initialized. Call initialize() first.")
        return self._execute(prompt)

    async def _execute(self, prompt: str) -> str:
        from amplifier_core._session_exec import run_orchestrator

        await self._announce()
        watch = CancelWatch()
        try:
            answer = await run_orchestrator(self._coordinator, prompt)
        except (Exception, asyncio.CancelledError) as error:
            if watch.cancelled:
                raise
            reason = error_text(error)
            await self._report_cancellation(error=reason)
            raise RuntimeError(f"Execution failed: {reason}") from error
        await self._report_cancellation()
        expect(answer, str)
        return answer

    async def _announce(self) -> None:
        """Emit, once in a session's life, that it starts or resumes."""
        if self._started:
            return
        from amplifier_core import _session_exec

        self._started = True
        event = "session:resume" if self._resumed else "session:start"
        data: Json = {"session_id": self.session_id, "parent_id": self.parent_id}
        metadata = self._config.get("session", {}).get("metadata")
        if metadata:
            data["metadata"] = metadata
        await self._coordinator.hooks.emit(event, data)
        await cast(Any, _session_exec).emit_raw_field_if_configured(
            self._coordinator, self._config, self.session_id, event
        )

    async def _report_cancellation(self, **extra: str) -> None:
        token = self._coordinator.cancellation
        if token.is_cancelled:
            await self._coordinator.hooks.emit(
                "cancel:completed", {"was_immediate": token.is_immediate, **extra}
            )

    async def cleanup(self) -> Unit:
        """Emit session:end if the session was initialized, then call the cleanup functions, the latest first.

        Errors are logged, never raised. Concurrent calls wait for each other.
        """
        watch = CancelWatch()
        async with self._cleaning:
            if self._initialized:
                self._initialized = False
                await self._coordinator.hooks.emit("session:end", {"session_id": self.session_id})
            for fn in reversed(tuple(self._coordinator._cleanup_fns)):  # pyright: ignore[reportPrivateUsage]
                try:
                    await settle(fn)
                except (Exception, asyncio.CancelledError) as error:
                    _log.error("Error during cleanup: %s", error_text(error))
        if watch.cancelled:
            raise asyncio.CancelledError
        return ()

    async def __aenter__(self) -> "RustSession":
        await self.initialize()
        return self

    async def __aexit__(self, exc_type: object, exc_val: object, exc_tb: object) -> Unit:
        return await self.cleanup()


def _check(config: Json) -> None:
    if not config:
        raise ValueError("Configuration is required")
    session = config.get("session", {})
    expect(session, dict)
    for part in ("orchestrator", "context"):
        if session.get(part) is None:
            raise ValueError(f"Configuration must specify session.{part}")
    canonical(config, "Invalid config JSON")
