"""The tools of ours that a session can name (`openSession({tools: ["python", …]})`), and their modules."""

from __future__ import annotations

from providers.json_types import Json
from py_app.errors import AlcoveError

MODULES = {
    name: f"tool-alcove-{name.replace('_', '-')}"
    for name in ("calculator", "clock", "delegate", "python", "storage", "todo", "web_fetch")
}


def module_of(name: str) -> Json:
    """The entry of a mount plan. Raises AlcoveError (bad-request) for a name that is none."""
    if name not in MODULES:
        raise AlcoveError(
            "bad-request",
            f'There is no tool called "{name}".',
            action=f"Use one of: {', '.join(MODULES)}; or give a function of your page.",
        )
    return {"module": MODULES[name]}
