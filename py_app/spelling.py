"""Text for a person who decides by it: what cannot be seen, or turns the writing round, is spelled out."""

from __future__ import annotations

import json
import unicodedata

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSEEN = frozenset(
    # Letters, marks and symbols that are drawn as nothing.
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
)


def spelled(text: str) -> str:
    r"""`text` with control, bidi and invisible characters as `\uXXXX`, and every space but the plain one."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if _is_unseen(char) else char for char in text)


def spelled_json(value: object, indent: int | None = None) -> str:
    """`value` as JSON that a person can read and trust: still valid JSON, nothing of it hidden.

    Raises RecursionError for what is nested too deeply, TypeError for what is no JSON.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # The line breaks and spaces that JSON itself is set with stay.
    return "\n".join(map(spelled, text.split("\n"))) if indent else spelled(text)


def _is_unseen(char: str) -> bool:
    if char == " ":
        return False
    category = unicodedata.category(char)
    return (
        category in _UNSEEN_CATEGORIES
        or category == "Zs"
        or char in _UNSEEN
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) != 0x7F else "\\u007f"
