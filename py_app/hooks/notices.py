"""What hooks want the person to read (`user_message`), to `notice` events of the page."""

from __future__ import annotations

from py_app.bridge import Page
from py_app.shorten import shortened
from py_app.spelling import spelled

_LONGEST = 2_000


class PageNotices:
    """Amplifier's DisplaySystem; silent in a session without a page."""

    def __init__(self) -> None:
        self.page: Page | None = None
        """Of a child session it is its parent's."""

    def show_message(self, message: str, level: str, source: str = "hook") -> None:
        """Sends it; `source` is the hook's own word for itself."""
        if self.page is None:
            return
        text = shortened("\n".join(map(spelled, message.splitlines())), _LONGEST)
        self.page.emit({"type": "notice", "level": level, "text": text, "source": spelled(source)})
