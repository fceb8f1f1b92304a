"""What a ViLA client sends, read as a JPEG. Nothing is decoded here: only its head is read."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

MOST_PIXELS = 4096 * 4096
"""A picture of more would take over 64 MB once it is decoded, however small its file is."""

_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
# Some cameras append a few bytes of their own.
_TAIL = 256
# Markers that hold the size: every kind of frame (SOF), but not tables that lie between their numbers.
_SIZES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_BRACKETS = 64
_BARE = {0x01, *range(0xD0, 0xD9)}


class UnreadableFrameError(ValueError):
    """What a client sent is no picture that may be decoded; says why."""


def read_frame(message: str | bytes) -> bytes:
    """The JPEG in a message: `{"frame": base64}`, a data URL in its place, or either without the JSON.

    Raises UnreadableFrameError for everything else: no text, no base64, no JPEG, a JPEG that is cut off or
    too large.
    """
    if isinstance(message, bytes):
        raise UnreadableFrameError("a binary message")
    jpeg = _bytes(_base64_in(message.strip()))
    width, height = _size(jpeg)
    if not 0 < width * height <= MOST_PIXELS:
        raise UnreadableFrameError(f"a picture of {width} × {height} pixels")
    if jpeg.rfind(_END, -_TAIL) < 0:
        raise UnreadableFrameError("a JPEG that is cut off")
    return jpeg


def _base64_in(text: str) -> str:
    if not text.startswith(("{", "[", '"')):
        return text
    try:
        if (
            text.count("[") + text.count("{") > _MOST_BRACKETS
        ):  # a depth that Python's own stack would pay for
            raise ValueError
        told: Any = json.loads(text)
    except ValueError:
        raise UnreadableFrameError("broken JSON") from None
    frame: Any = told.get("frame") if isinstance(told, dict) else told  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(frame, str):
        raise UnreadableFrameError('JSON without a "frame"')
    return frame


def _bytes(text: str) -> bytes:
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        # Python's own encoders break lines, a browser's do not.
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableFrameError("no base64") from None


def _size(jpeg: bytes) -> tuple[int, int]:
    """Width and height, as the head of a JPEG tells them."""
    if not jpeg.startswith(_START):
        raise UnreadableFrameError("no JPEG")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _SIZES:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        elif marker in _BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    raise UnreadableFrameError("a JPEG without a size")
