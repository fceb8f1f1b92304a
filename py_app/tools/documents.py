"""`tool-alcove-documents`: finds and reads what documents of the person say. Nothing leaves the device by it.

Config `top` (default 5): how many passages a search gives; `characters` (default 4,000): of a page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.documents.attached import DOCUMENTS_TOOL
from py_app.documents.passages import source_of
from py_app.documents.retriever import SOURCES_FOUND
from py_app.documents.shelf import UNTRUSTED, attached, harmless, place_of, search
from py_app.tools.call import CALL_ID
from py_app.tools.function import FunctionTool, ToolError, on_page
from py_app.tools.named import mount_tool

__amplifier_module_type__ = "tool"

_PROPERTIES: Json = {
    "action": {"type": "string", "enum": ["search", "open", "list"]},
    "query": {"type": "string", "description": "What to search for"},
    "document": {
        "type": "string",
        "description": "Name of one document: needed to open, may narrow a search",
    },
    "page": {"type": "integer", "description": "Which page to open; the first when left out"},
}
_MOST_LISTED = 100


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `documents`; returns what unmounts it."""
    settings = config or {}
    reader = _Reader(coordinator, int(settings.get("top") or 5), int(settings.get("characters") or 4_000))
    tool = FunctionTool(
        coordinator,
        DOCUMENTS_TOOL,
        "Search the person's documents, read a page of one, or list them. Write the number of a passage that"
        " you use into your answer, as in [1].",
        _PROPERTIES,
        reader.run,
        required=["action"],
    )
    return await mount_tool(coordinator, tool)


class _Reader:
    def __init__(self, coordinator: Coordinator, top: int, characters: int) -> None:
        self._coordinator = coordinator
        self._top = top
        self._characters = characters
        self._numbers: dict[tuple[str, int, int], int] = {}
        """A passage that is found again keeps its number."""

    async def run(self, given: Json) -> ToolResult:
        action = given.get("action")
        if action == "list":
            return ToolResult(output=await self._list())
        if action == "search":
            return ToolResult(output=await self._search(given))
        if action == "open":
            return ToolResult(output=await self._open(given))
        raise ToolError('"action" is one of: search, open, list.')

    async def _known(self) -> list[Json]:
        """The documents that this conversation may see."""
        here: list[Json] = (await on_page(self._coordinator, "documents", {"action": "list"}))["documents"]
        ids = attached(self._coordinator)
        return [each for each in here if each["id"] in ids] if ids else here

    async def _list(self) -> Json:
        known = await self._known()
        listed = [{"name": harmless(each["name"]), "pages": each["pages"]} for each in known[:_MOST_LISTED]]
        more = {"more": len(known) - _MOST_LISTED} if len(known) > _MOST_LISTED else {}
        return {"documents": listed, **more}

    async def _search(self, given: Json) -> Json:
        query = str(given.get("query") or "").strip()
        if not query:
            raise ToolError('A search needs a "query".')
        among = attached(self._coordinator)
        if given.get("document"):
            among = [(await self._named(given["document"]))["id"]]
        found = (await search(self._coordinator, query, top=self._top, documents=among))["passages"]
        if not found:
            return {"found": "Nothing about this. Try other words, or say that the documents do not tell it."}
        sources = [source_of(each, self._number(each)) for each in found]
        await self._coordinator.hooks.emit(SOURCES_FOUND, {"sources": sources, "call": CALL_ID.get()})
        told = [
            {"n": source["n"], "place": place_of(each), "untrusted_text": harmless(each["text"])}
            for source, each in zip(sources, found, strict=True)
        ]
        return {"note": UNTRUSTED, "passages": told}

    def _number(self, passage: Json) -> int:
        key = (passage["document"], passage["start"], passage["end"])
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    async def _open(self, given: Json) -> Json:
        document = await self._named(given.get("document"))
        wanted = given.get("page")
        asked = {"action": "open", "document": document["id"], "page": wanted if type(wanted) is int else 1}
        page = await on_page(self._coordinator, "documents", asked)
        text: str = page["text"]
        most = self._characters
        cut = {"cut": f"The first {most:,} of {len(text):,} characters."} if len(text) > most else {}
        about = {"note": UNTRUSTED, "page": page["page"], "pages": page["pages"]}
        return {**about, **cut, "untrusted_text": harmless(text[:most])}

    async def _named(self, name: object) -> Json:
        """The document that the model means: by its name, or a part of it that only one has."""
        wanted = str(name or "").strip().casefold()
        known = await self._known()
        exact = [each for each in known if wanted in (each["id"], harmless(each["name"]).casefold())]
        like = [each for each in known if wanted and wanted in harmless(each["name"]).casefold()]
        found = exact[:1] or like
        if len(found) == 1:
            return found[0]
        names = ", ".join(harmless(each["name"]) for each in (found or known)[:20])
        raise ToolError(
            f'There is no single document called "{name}". Name one of: {names or "none is here"}.'
        )
