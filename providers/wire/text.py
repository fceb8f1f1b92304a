"""Text, and JSON with text in it, as it may travel."""

from __future__ import annotations

import re
from typing import cast

_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Replace lone surrogates by U+FFFD and remove NUL: neither survives UTF-8, C strings or the kernel."""
    if "\0" in text:
        text = text.replace("\0", "")
    return _without_surrogates(text)


def clean_json(value: object, deepest: int) -> object:
    """Parsed JSON without lone surrogates. Raises ValueError where it is nested deeper than `deepest`."""
    if isinstance(value, str):
        return _without_surrogates(value)
    if isinstance(value, dict | list) and deepest == 0:
        raise ValueError("it is nested too deeply")
    if isinstance(value, list):
        return [clean_json(item, deepest - 1) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {_without_surrogates(key): clean_json(item, deepest - 1) for key, item in items}
    return value


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
