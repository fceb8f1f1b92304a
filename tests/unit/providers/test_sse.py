"""Server-sent events, however the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from providers.openai.sse import events


async def read(*pieces: bytes) -> list[str]:
    async def chunks():
        for piece in pieces:
            yield piece

    return [data async for data in events(chunks())]


STREAM = (
    "\ufeff: a comment\r\n\r\ndata: {}\n\n"
    'event: x\rdata:{"a": "é – 😀"}\r\r'
    "data: one\r\ndata: two\r\nid: 3\r\n\r\n\ndata: [DONE]\n"
).encode()
WANTED = ["{}", '{"a": "é – 😀"}', "one\ntwo", "[DONE]"]


async def test_what_the_standard_allows():
    assert await read(STREAM) == WANTED
    assert await read(*(bytes([byte]) for byte in STREAM)) == WANTED
    assert await read() == await read(b"data: cut o") == []


@given(st.lists(st.integers(0, len(STREAM)), max_size=6).map(sorted))
async def test_any_cut(places):
    bounds = [0, *places, len(STREAM)]
    assert await read(*(STREAM[a:b] for a, b in pairwise(bounds))) == WANTED
