"""[TOOL_CALLS][{…}], [TOOL_CALLS]name[ARGS]{…} and [TOOL_CALLS]name{…}."""

from __future__ import annotations

from providers.calls import objects
from providers.calls.text import Found, Text

_MARK, _ID, _ARGUMENTS = "[TOOL_CALLS]", "[CALL_ID]", "[ARGS]"


def read(text: Text, at: int) -> Found | None:
    if not text.starts(at, _MARK):
        return None
    start = text.space(at + len(_MARK))
    if text.char(start) in ("[", "{"):
        return objects.read_all(text, start, meant=True)
    end = text.word(start)
    name = text.text[start:end]
    if name not in text.tools:
        return None
    if text.starts(end, _ID):
        end = text.word(end + len(_ID))
    if text.starts(end, _ARGUMENTS):
        end += len(_ARGUMENTS)
    return objects.arguments(text, end, name)
