"""`tool-alcove-python`: runs code in an interpreter (`workers/interpreter`), which reaches nothing.

Config `seconds` (default 30): how long a call may run; `namespace` (default "notes"): of `storage`, whose
entries can be given to the code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.tools.figures import show
from py_app.tools.function import FunctionTool, on_page
from py_app.tools.named import failed, mount_tool

__amplifier_module_type__ = "tool"

_DESCRIPTION = (
    "Run Python code and get what it prints and its last expression. Names stay from call to call."
    " It has the standard library and a small matplotlib.pyplot; no numpy, no network."
)
_PROPERTIES: Json = {
    "code": {"type": "string"},
    "files": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Names in storage that the code is to find in its folder",
    },
}
_DESCRIBED = "A figure that Python drew. The person sees it."
_WHY = {
    "timeout": "The code ran longer than {seconds:g} seconds and was ended. Names of earlier calls are lost.",
    "engine-crashed": "The code ended the interpreter. Names of earlier calls are lost.",
}


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `python`; returns what unmounts it."""
    seconds = float((config or {}).get("seconds") or 30)
    namespace = str((config or {}).get("namespace") or "notes")

    async def run(given: Json) -> ToolResult:
        files: str | list[str] = given.get("files") or []
        asked: Json = {"code": str(given.get("code", ""))}
        asked["files"] = [files] if isinstance(files, str) else files
        asked.update(namespace=namespace, seconds=seconds)
        try:
            ran = await on_page(coordinator, "python", asked)
        except AlcoveError as error:
            if why := _WHY.get(error.data["code"]):
                return failed(why.format(seconds=seconds))
            raise
        if ran["figures"]:
            show(coordinator, ran["figures"], _DESCRIBED)
        return _result(ran)

    return await mount_tool(
        coordinator, FunctionTool(coordinator, "python", _DESCRIPTION, _PROPERTIES, run, required=["code"])
    )


def _result(ran: Json) -> ToolResult:
    said = [
        "Python was started anew: names of earlier calls are lost." if ran["lost"] else "",
        ran["output"].rstrip(),
        ran["error"] or ran["value"] or "",
        "It used more memory than it may. Names of earlier calls are lost." if ran["exhausted"] else "",
    ]
    if ran["figures"]:
        said.append(f"{len(ran['figures'])} drawn and shown to the person.")
    text = "\n".join(part for part in said if part) or "It ran, and said nothing."
    return failed(text) if ran["error"] else ToolResult(output=text)
