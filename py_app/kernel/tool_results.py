"""Rich content of tool results: only text and base64 images pass, and events never carry an image."""

import base64
import binascii
import json
import re
from typing import Any, NoReturn, cast

from .checks import expect
from .jsondata import Json, canonical

_MEDIA_TYPE = re.compile(r"image/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")
_OMITTED = "[Image omitted from tool event; original retained for model request if unmodified.]"
_INVALID = "invalid tool result content"

Block = Json


def normalize_tool_result_content(content_json: str) -> str | None:
    """A JSON list of content blocks, cut down to the fields that count; None for null and for an empty list.

    Raises ValueError for anything but text blocks and base64 images with an image media type.
    """
    expect(content_json, str)
    blocks = _blocks(_parse(content_json))
    return _dump(blocks) if blocks else None


def tool_result_safe_hook_presentation(tool_result_json: str) -> str:
    """A tool result as JSON for hook events: images are replaced by a line of text.

    Raises ValueError for what is not a tool result.
    """
    expect(tool_result_json, str)
    result = _parse(tool_result_json)
    if not isinstance(result, dict):
        raise ValueError(_INVALID)
    result = cast(Block, result)
    success, error = result.get("success", True), result.get("error")
    if not isinstance(success, bool) or not (error is None or isinstance(error, dict)):
        raise ValueError(_INVALID)
    shown: Block = {"error": error, "output": result.get("output"), "success": success}
    try:
        blocks = _blocks(result.get("content"))
    except ValueError:
        raise ValueError(_INVALID) from None
    if blocks:
        shown["content"] = [
            {"text": block["text"] if block["type"] == "text" else _OMITTED, "type": "text"}
            for block in blocks
        ]
    return _dump(canonical(shown))


def _parse(text: str) -> Any:
    def refuse(_: str) -> NoReturn:
        raise ValueError(_INVALID)

    try:
        return canonical(json.loads(text, parse_constant=refuse))
    except (ValueError, RuntimeError, RecursionError):
        raise ValueError(_INVALID) from None


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _blocks(content: object) -> list[Block]:
    if content is None:
        return []
    if not isinstance(content, list):
        raise ValueError(_INVALID)
    return [_block(item) for item in cast(list[object], content)]


def _block(item: object) -> Block:
    if not isinstance(item, dict):
        raise ValueError(_INVALID)
    block = cast(Block, item)
    if block.get("type") == "text" and isinstance(block.get("text"), str):
        return {"type": "text", "text": block["text"]}
    if block.get("type") == "image":
        return {"type": "image", "source": _source(block.get("source"))}
    raise ValueError(_INVALID)


def _source(value: object) -> Block:
    if not isinstance(value, dict):
        raise ValueError("invalid tool result image source")
    source = cast(Block, value)
    if source.get("type") != "base64":
        raise ValueError("invalid tool result image source")
    media_type, data = source.get("media_type"), source.get("data")
    if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError("invalid tool result image media type")
    if not isinstance(data, str) or not _is_base64(data):
        raise ValueError("invalid tool result image data")
    return {"type": "base64", "media_type": media_type, "data": data}


def _is_base64(data: str) -> bool:
    """Whether `data` is padded standard base64 of at least one byte, with no stray bits at its end."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(raw) and base64.b64encode(raw[-(len(raw) % 3 or 3) :]).decode() == data[-4:]
