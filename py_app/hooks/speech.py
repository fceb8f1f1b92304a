"""The text of one step of a turn: several events tell it, and some loops and providers use more than one."""

from __future__ import annotations

from amplifier_core.events import CONTENT_BLOCK_DELTA, CONTENT_BLOCK_END

from providers.json_types import Json
from providers.wire.stream_events import BLOCK_DELTA, BLOCK_END

SPEAKING = (CONTENT_BLOCK_DELTA, BLOCK_DELTA, BLOCK_END, CONTENT_BLOCK_END)


class Speech:
    """Collects it; the first event that brings some is the one that is heard."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._by = ""
        self.begun = False
        """Whether anything was told while it came, be it only thinking."""

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def begin(self) -> None:
        """Another step begins."""
        self._pieces.clear()
        self._by = ""
        self.begun = False

    def take(self, event: str, data: Json) -> str:
        """What this event adds to the text."""
        if event == BLOCK_END:
            if "recast" in data:  # what was said so far was a thought
                self._pieces.clear()
            return ""
        self.begun = self.begun or event != CONTENT_BLOCK_END
        if self._by not in ("", event):
            return ""
        piece = _block_text(data) if event == CONTENT_BLOCK_END else delta_text(data)
        if piece:
            self._by = event
            self._pieces.append(piece)
        return piece


def delta_text(data: Json) -> str:
    """The text of a delta event; some providers send {"text": …} instead of a string."""
    if data.get("block_type", "text") != "text":
        return ""
    delta = data.get("delta") or data.get("text") or ""
    return delta if isinstance(delta, str) else str(delta.get("text") or "")


def _block_text(data: Json) -> str:
    """The text of a provider that does not stream."""
    block: Json = data.get("block") or {}
    return str(block.get("text") or "") if block.get("type") == "text" else ""
