"""Pictures in a conversation: Amplifier image blocks, whether a model sees them, and their way into a turn.

    {"type": "image", "source": {"type": "base64", "media_type", "data"}, "description"?, "described_by"?}

`description` is what a vision model said of the picture; a model that cannot see reads that instead.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import cast

from amplifier_core.capabilities import VISION
from amplifier_core.interfaces import Provider

from providers.capabilities import PICTURES
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.message import Block, Message
from py_app.provider import defaults_of, models_of

PICTURE_DESCRIBED = "alcove:picture_described"
"""Event: {"picture": which one of those that the person sent, "description", "model"}."""

_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
)


def media_type(data: bytes) -> str:
    """The kind of picture that `data` begins like. Raises AlcoveError (bad-request) if it is none."""
    for start, signature, kind in _SIGNATURES:
        if data[start : start + len(signature)] == signature:
            return kind
    raise AlcoveError(
        "bad-request", "This is not a picture.", action="Use a PNG, JPEG, WebP, GIF or BMP picture."
    )


def picture_block(data: bytes) -> Block:
    """The image block of an encoded picture. Raises AlcoveError (bad-request) if it is none."""
    source = {"type": "base64", "media_type": media_type(data), "data": base64.b64encode(data).decode()}
    return {"type": "image", "source": source}


def read_picture(raw: object) -> Block:
    """The image block of a picture {"media_type", "data", "description"?} that the page sent.

    Raises AlcoveError (bad-request) if it is none.
    """
    given = cast("Json", raw if isinstance(raw, dict) else {})
    kind, data, description = given.get("media_type"), given.get("data"), given.get("description")
    if not isinstance(kind, str) or not kind.startswith("image/") or not isinstance(data, str) or not data:
        raise AlcoveError("bad-request", 'A picture is {"media_type": "image/…", "data": base64}.')
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error:
        raise AlcoveError("bad-request", "A picture's data is not base64.") from None
    block: Block = {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}
    return {**block, "description": str(description)} if description else block


def is_picture(block: object) -> bool:
    return isinstance(block, dict) and cast("Block", block).get("type") == "image"


def pictures_of(message: Message) -> list[Block]:
    """The image blocks of a message."""
    content = message.get("content")
    return (
        [block for block in cast("list[Block]", content) if is_picture(block)]
        if isinstance(content, list)
        else []
    )


def with_pictures(messages: Iterable[Message]) -> list[Message]:
    """Those of `messages` that hold pictures: of plain text there are many, and each is looked at once."""
    return [message for message in messages if type(message.get("content")) is list and pictures_of(message)]


def attach(coordinator: Coordinator, blocks: Sequence[Block]) -> None:
    """Let the session's next turn take pictures and files along.

    Raises AlcoveError (unsupported) if its orchestrator takes none: they must not be lost in silence.
    """
    waiting: list[Block] | None = coordinator.get_capability(PICTURES)
    if waiting is not None:
        waiting[:] = blocks
    elif blocks:
        raise AlcoveError(
            "unsupported",
            "The orchestrator of this session takes no pictures and no files.",
            action='Send text only, or use the orchestrator "loop-alcove".',
        )


async def sees(provider: Provider) -> bool:
    """Whether the model that answers can see.

    True too if nobody knows: then the picture is sent, and what cannot take it says so.
    """
    wanted = defaults_of(provider).get("model")
    model = next((m for m in await models_of(provider) if wanted in (None, m.id)), None)
    return model is None or VISION in model.capabilities
