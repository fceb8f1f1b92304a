"""Coordinator: where a session's modules are mounted, and what they share."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from .calls import Work, settle
from .cancellation import RustCancellationToken
from .checks import error_text, expect, expect_optional, unsigned
from .hook_dispatch import HookDispatch
from .hooks import RustHookRegistry
from .jsondata import Json

if TYPE_CHECKING:
    from amplifier_core.approval import ApprovalSystem
    from amplifier_core.display import DisplaySystem
    from amplifier_core.models import HookResult

_log = logging.getLogger("_engine.coordinator")

Unit = tuple[()]
"""What the engine's methods without a result give when awaited."""

_SINGLE = ("orchestrator", "context", "module-source-resolver")
_MULTI = ("providers", "tools")


async def _unit() -> Unit:
    return ()


class RustCoordinator:
    """Mount points, capabilities, contributions, hooks and cancellation of one session.

    All state is set in `__new__`, because subclasses give the arguments there and have an `__init__` of
    their own. Methods that return an awaitable do their work at the call.
    """

    # `__dict__` is for what others set, so that `vars()` shows that alone.
    __slots__ = (
        "__dict__",
        "_cancellation",
        "_capabilities",
        "_channels",
        "_cleanups",
        "_config",
        "_hooks",
        "_injected",
        "_parent_id",
        "_session",
        "_session_id",
        "approval_system",
        "display_system",
        "loader",
        "mount_points",
        "session_state",
    )

    _session_id: str
    _parent_id: str | None
    _config: Any
    _session: Any
    _hooks: RustHookRegistry
    _cancellation: RustCancellationToken
    _capabilities: dict[str, object]
    _channels: dict[str, list[Json]]
    _cleanups: list[Callable[[], object]]
    _injected: int
    mount_points: dict[str, Any]
    session_state: dict[str, object]
    loader: object
    approval_system: "ApprovalSystem | None"
    display_system: "DisplaySystem | None"

    def __new__(
        cls,
        session: Any = None,
        approval_system: "ApprovalSystem | None" = None,
        display_system: "DisplaySystem | None" = None,
    ) -> "RustCoordinator":
        """`session` has `session_id`, `parent_id` and `config`; without one the coordinator stands alone."""
        self = super().__new__(cls)
        self._session_id = "" if session is None else session.session_id
        self._parent_id = None if session is None else session.parent_id
        self._config = {} if session is None else session.config
        expect(self._session_id, str)
        expect_optional(self._parent_id, str)
        self._session = session
        self._hooks = RustHookRegistry()
        self._cancellation = RustCancellationToken()
        self._capabilities = {}
        self._channels = {}
        self._cleanups = []
        self._injected = 0
        self.mount_points = {
            "orchestrator": None,
            "providers": {},
            "tools": {},
            "context": None,
            "hooks": self._hooks,
            "module-source-resolver": None,
        }
        self.session_state = {}
        self.loader = None
        self.approval_system = approval_system
        self.display_system = display_system
        return self

    @property
    def session_id(self) -> str:
        """The session's id; empty without a session."""
        return self._session_id

    @property
    def parent_id(self) -> str | None:
        """The parent session's id, if there is one."""
        return self._parent_id

    @property
    def session(self) -> Any:
        """The session, or what stood for it when this was made."""
        return self._session

    @property
    def hooks(self) -> RustHookRegistry:
        """The hook registry."""
        return self._hooks

    @property
    def cancellation(self) -> RustCancellationToken:
        """The cancellation token."""
        return self._cancellation

    @property
    def config(self) -> Any:
        """The mount plan, the very object that was given."""
        return self._config

    @property
    def channels(self) -> dict[str, list[Json]]:
        """Contributors by channel, each `{"name", "callback"}`."""
        return self._channels

    @property
    def injection_budget_per_turn(self) -> Any:
        """Tokens that hooks may inject a turn (the plan's `session.injection_budget_per_turn`), or None."""
        return self._session_setting("injection_budget_per_turn")

    @property
    def injection_size_limit(self) -> Any:
        """Characters in one injection (`session.injection_size_limit` of the plan), or None."""
        return self._session_setting("injection_size_limit")

    def _session_setting(self, name: str) -> Any:
        section = self._config.get("session")
        return None if section is None else section.get(name)

    @property
    def _current_turn_injections(self) -> int:
        return self._injected

    @_current_turn_injections.setter
    def _current_turn_injections(self, value: int) -> None:
        self._injected = unsigned(value)

    @property
    def _cleanup_fns(self) -> list[Callable[[], object]]:
        return self._cleanups

    def _set_session(self, session: Any) -> None:
        self._session = session

    def mount(self, mount_point: str, module: object, name: str | None = None) -> Work[Unit]:
        """Put a module in its place: `providers` and `tools` by name (by default its own), others alone.

        Raises ValueError for an unknown place, for hooks (they register themselves) and for want of a name.
        """
        expect(mount_point, str)
        expect_optional(name, str)
        self._known(mount_point)
        if mount_point == "hooks":
            raise ValueError("Hooks should be registered directly with the HookRegistry")
        if mount_point in _SINGLE:
            self.mount_points[mount_point] = module
        elif mount_point in _MULTI:
            self.mount_points[mount_point][_name(module, mount_point) if name is None else name] = module
        return _unit()

    def unmount(self, mount_point: str, name: str | None = None) -> Work[Unit]:
        """Take a module out; one that is not there is passed over. Raises ValueError as `mount` does."""
        expect(mount_point, str)
        expect_optional(name, str)
        self._known(mount_point)
        if mount_point in _SINGLE:
            self.mount_points[mount_point] = None
        elif mount_point in _MULTI:
            if name is None:
                raise ValueError(f"Name required to unmount from {mount_point}")
            self.mount_points[mount_point].pop(name, None)
        return _unit()

    def get(self, mount_point: str, name: str | None = None) -> Any:
        """The module at a place, or None; for `providers` and `tools` without a name the dict of all."""
        expect(mount_point, str)
        expect_optional(name, str)
        self._known(mount_point)
        if mount_point in _SINGLE or mount_point == "hooks":
            return self.mount_points[mount_point]
        if mount_point in _MULTI:
            modules = self.mount_points[mount_point]
            return modules if name is None else modules.get(name)
        return None

    def _known(self, mount_point: str) -> None:
        if mount_point not in self.mount_points:
            raise ValueError(f"Unknown mount point: {mount_point}")

    def register_capability(self, name: str, value: object) -> None:
        """Offer a value to other modules under a name; the last one given counts."""
        expect(name, str)
        self._capabilities[name] = value

    def get_capability(self, name: str) -> Any:
        """What is offered under a name, or None."""
        expect(name, str)
        return self._capabilities.get(name)

    def register_cleanup(self, cleanup_fn: object) -> None:
        """Add a function, plain or async, for `cleanup`; what cannot be called is passed over."""
        if callable(cleanup_fn):
            self._cleanups.append(cleanup_fn)

    async def cleanup(self) -> Unit:
        """Call the cleanup functions, the latest first. Errors are logged; what is no Exception (a
        cancellation, an exit) is raised once all of them have run."""
        fatal: BaseException | None = None
        for fn in reversed(tuple(self._cleanups)):
            try:
                await settle(fn)
            except GeneratorExit:
                raise
            except BaseException as error:
                _log.error("Error during cleanup: %s", error_text(error))
                if not isinstance(error, Exception):
                    fatal = fatal or error
        if fatal is not None:
            raise fatal
        return ()

    def register_contributor(self, channel: str, name: str, callback: Callable[[], object]) -> None:
        """Add a function, plain or async, whose value `collect_contributions` gathers."""
        expect(channel, str)
        expect(name, str)
        self._channels.setdefault(channel, []).append({"name": name, "callback": callback})

    def collect_contributions(self, channel: str) -> Work[list[Any]]:
        """What the contributors of a channel give, in order, without None; failing ones are logged."""
        from amplifier_core import _collect_helper

        expect(channel, str)
        return cast(Any, _collect_helper).collect_contributions(self._channels, channel)

    def to_dict(self) -> Json:
        """What is mounted and offered, as plain data."""
        for place in (*_MULTI, "orchestrator", "context"):
            if place not in self.mount_points:
                raise RuntimeError(f"mount_points missing '{place}'")
        places = self.mount_points
        return {
            "tools": list(places["tools"]),
            "providers": list(places["providers"]),
            "has_orchestrator": places["orchestrator"] is not None,
            "has_context": places["context"] is not None,
            "capabilities": list(self._capabilities),
            # These tell of modules of other transports, which this engine never has.
            "has_approval_provider": False,
            "has_display_service": False,
        }

    def request_cancel(self, immediate: bool = False) -> Work[Unit]:
        """Ask the session to stop: after the running tools, or now. Callbacks are not triggered."""
        expect(immediate, bool)
        if immediate:
            self._cancellation.request_immediate()
        else:
            self._cancellation.request_graceful()
        return _unit()

    def reset_turn(self) -> None:
        """Start a turn: nothing injected yet."""
        self._injected = 0

    def process_hook_result(self, result: Any, event: str, hook_name: str = "unknown") -> Work["HookResult"]:
        """Do what a hook result asks for: inject context, ask the user, show a message.

        See `HookDispatch`. Raises ValueError for an injection over the size limit.
        """
        expect(event, str)
        expect(hook_name, str)
        return HookDispatch(self, event, hook_name).process(result)


def _name(module: Any, mount_point: str) -> str:
    try:
        name = module.name
    except Exception:
        raise ValueError(f"Name required for {mount_point}") from None
    expect(name, str)
    return name
