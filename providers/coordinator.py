"""What our modules need of the session that they are mounted in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, overload

from amplifier_core import AmplifierSession
from amplifier_core.approval import ApprovalSystem
from amplifier_core.cancellation import CancellationToken
from amplifier_core.hooks import HookRegistry
from amplifier_core.interfaces import ContextManager, Orchestrator, Provider, Tool
from amplifier_core.models import HookResult

from providers.json_types import Json


class Coordinator(Protocol):
    """The part of amplifier_core's ModuleCoordinator that we use, whose own stub says Any for most of it."""

    @property
    def session_id(self) -> str: ...

    @property
    def session(self) -> AmplifierSession: ...

    @property
    def config(self) -> Json:
        """The mount plan."""
        ...

    @property
    def loader(self) -> Any:
        """What loads modules; None until the session is initialized, unless another one is given before."""
        ...

    @loader.setter
    def loader(self, value: Any) -> None: ...

    @property
    def hooks(self) -> HookRegistry: ...

    @property
    def cancellation(self) -> CancellationToken: ...

    @property
    def approval_system(self) -> ApprovalSystem | None: ...

    async def mount(self, mount_point: str, module: object, name: str | None = None) -> None: ...

    async def unmount(self, mount_point: str, name: str | None = None) -> None: ...

    @overload
    def get(self, mount_point: Literal["context"]) -> ContextManager: ...

    @overload
    def get(self, mount_point: Literal["providers"]) -> dict[str, Provider]: ...

    @overload
    def get(self, mount_point: Literal["tools"]) -> dict[str, Tool]: ...

    @overload
    def get(self, mount_point: Literal["orchestrator"]) -> Orchestrator: ...

    @overload
    def get(self, mount_point: Literal["module-source-resolver"]) -> object: ...

    def register_cleanup(self, cleanup_fn: Callable[[], object]) -> None: ...

    def register_capability(self, name: str, value: object) -> None: ...

    def get_capability(self, name: str) -> Any:
        """Its type depends on the name: see `providers/capabilities.py`. None where nobody registered one."""
        ...

    async def collect_contributions(self, channel: str) -> list[object]: ...

    async def process_hook_result(
        self, result: HookResult, event: str, hook_name: str = "unknown"
    ) -> HookResult: ...

    async def request_cancel(self, immediate: bool = False) -> None: ...

    def reset_turn(self) -> None: ...
