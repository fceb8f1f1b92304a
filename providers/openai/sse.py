"""Server-sent events: a stream of bytes to the `data` of each event."""

from __future__ import annotations

import codecs
import re
from collections.abc import AsyncIterator

_LINE_END = re.compile("\r\n|\n|\r")


async def events(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event that has any; comments (some servers send them to keep a line open) are skipped.

    A line that the end of the stream cuts off is not given.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest, data = "", list[str]()
    async for chunk in chunks:
        text = rest + decoder.decode(chunk)
        # A \r at the end may be half of a \r\n.
        held = "\r" if text.endswith("\r") else ""
        *lines, rest = _LINE_END.split(text.removesuffix(held))
        rest += held
        for line in lines:
            if line:
                field, _, value = line.partition(":")
                if field == "data":
                    data.append(value.removeprefix(" "))
            elif data:
                yield "\n".join(data)
                data = []
    if data:  # some servers leave out the last blank line
        yield "\n".join(data)
