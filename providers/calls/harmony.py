"""<|channel|>commentary to=functions.name <|constrain|>json<|message|>{…}<|call|>: gpt-oss."""

from __future__ import annotations

import re

from providers.calls import objects
from providers.calls.text import Found, Text

_HEADS = ("<|start|>", "<|channel|>")
_MARKS = (*_HEADS, "<|constrain|>")
_MESSAGE = "<|message|>"
_WORDS = re.compile(r"[\w.= \-]*")
_RECIPIENT = re.compile(r"\bto=(?:functions\.)?([\w.-]+)")
_ENDS = ("<|call|>", "<|end|>")


def read(text: Text, at: int) -> Found | None:
    if not any(text.starts(at, head) for head in _HEADS):
        return None
    end = at
    while mark := next((mark for mark in _MARKS if text.starts(end, mark)), None):
        end = text.run(_WORDS, end + len(mark))
    if not text.starts(end, _MESSAGE):
        return None
    recipient = _RECIPIENT.search(text.text, at, end)
    if recipient is None or recipient[1] not in text.tools:
        return None
    found = objects.arguments(text, end + len(_MESSAGE), recipient[1])
    if found is None:
        return None
    close = text.space(found.end)
    ending = next((mark for mark in _ENDS if text.starts(close, mark)), None)
    return Found(found.calls, close + len(ending)) if ending else found
