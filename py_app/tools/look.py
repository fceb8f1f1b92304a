"""`tool-alcove-look`: a model that reads text only sees through the vision model, if the person allows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.capabilities import ENGINE, PAGE
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host, Page
from py_app.pictures import pictures_of
from py_app.tools.function import FunctionTool, ToolError, needed
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_MAX_TOKENS = 200
_PROPERTIES: Json = {
    "source": {"type": "string", "enum": ["camera", "screen", "picture"]},
    "question": {"type": "string", "description": "What to find out"},
}


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `look`; returns what unmounts it."""

    async def run(given: Json) -> ToolResult:
        here: Page | None = coordinator.get_capability(PAGE)
        engine: Host | None = coordinator.get_capability(ENGINE)
        page, host = needed(here), needed(engine)
        source = given.get("source")
        image = await (
            _last_picture(coordinator) if source == "picture" else bridge.capture(host, {"source": source})
        )
        asked = str(given.get("question") or "").strip() or "Describe what you see."
        seen = await page.see({"image": image, "prompt": asked, "max_tokens": _MAX_TOKENS})
        text = seen["text"] or "The vision model found no words for it."
        return ToolResult(output={"description": text, "model": seen["model"]})

    tool = FunctionTool(
        coordinator,
        "look",
        "See through the camera, look at the screen, or look again at the last attached picture.",
        _PROPERTIES,
        run,
        required=["source"],
        side_effects=True,
    )
    return await mount_tool(coordinator, tool)


async def _last_picture(coordinator: Coordinator) -> Json:
    for message in reversed(await coordinator.get("context").get_messages()):
        for picture in reversed(pictures_of(message)):
            source: Json = picture["source"]
            return {"media_type": source["media_type"], "data": source["data"]}
    raise ToolError("No picture is attached to this conversation. Look through the camera instead.")
