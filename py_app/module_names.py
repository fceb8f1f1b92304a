"""The names of our Amplifier modules, and those that they had before: plans that were kept still say them."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec

LOOP = "loop-alcove"
CONTEXT = "context-alcove"
PAGE_EVENTS = "hooks-alcove-page"
PAGE_TOOLS = "tool-alcove-page"

_EARLIER = {
    "loop-streaming": LOOP,
    "context-window": CONTEXT,
    "hooks-page-stream": PAGE_EVENTS,
    "tool-page-functions": PAGE_TOOLS,
}


def current_name(module: str) -> str:
    """The name of today; an earlier one that an installed module of somebody else bears is that module's."""
    name = _EARLIER.get(module)
    return module if name is None or _is_installed(module) else name


def _is_installed(module: str) -> bool:
    package = f"amplifier_module_{module.replace('-', '_')}"
    return bool(entry_points(group="amplifier.modules", name=module)) or find_spec(package) is not None
