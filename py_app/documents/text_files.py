"""Files whose text goes with a message: as a model reads them, and as the transcript keeps them.

    {"type": "text", "text": what the model reads, "file": {"name", "text", "bytes"?, "whole"?}}

`text` of `file` is what was read of it, letter for letter; where that is only its beginning, `whole` is how
many characters it has. The block stands before the text of the message, and nobody is shown it as a part of
that.
"""

from __future__ import annotations

import re
from typing import cast

from providers.json_types import Json
from py_app.documents.shelf import UNTRUSTED, one_line, without_markup
from py_app.errors import AlcoveError
from py_app.message import Block, Message, is_file

_TICKS = re.compile("`{3,}")


def read_file(raw: object) -> Block:
    """The block of a file {"name", "text", "bytes"?, "whole"?} that the page sent.

    Raises AlcoveError (bad-request) if it is none.
    """
    given = cast("Json", raw if isinstance(raw, dict) else {})
    name, text = given.get("name"), given.get("text")
    if not isinstance(name, str) or not name.strip() or not isinstance(text, str):
        raise AlcoveError("bad-request", 'A file is {"name": …, "text": …}.')
    counts = {key: given[key] for key in ("bytes", "whole") if type(given.get(key)) is int}
    return {
        "type": "text",
        "text": _told(name, text, counts.get("whole")),
        "file": {"name": name, "text": text, **counts},
    }


def _told(name: str, text: str, whole: int | None) -> str:
    """A fence that is longer than any in the text cannot be closed by it."""
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    part = f", the first {len(text):,} of {whole:,} characters" if whole else ""
    return f"Attached file: {one_line(name)}{part}\n{UNTRUSTED}\n{fence}\n{without_markup(text)}\n{fence}\n\n"


def files_of(message: Message) -> list[Block]:
    """The blocks of files of a message."""
    content = message.get("content")
    blocks = cast("list[Block]", content) if isinstance(content, list) else []
    return [block for block in blocks if is_file(block)]
