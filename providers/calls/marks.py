"""Marks of models whose template nobody applied: Llama's <|python_tag|>, Functionary's >>>."""

from __future__ import annotations

from providers.calls import names, objects, python
from providers.calls.text import Found, Text

_PYTHON, _RECIPIENT, _PERSON = "<|python_tag|>", ">>>", ">>>all\n"


def read(text: Text, at: int) -> Found | None:
    if text.starts(at, _PYTHON):
        start = text.space(at + len(_PYTHON))
        return objects.read_all(text, start, meant=True) or python.read_all(text, start)
    if not text.starts(at, _RECIPIENT):
        return None
    if text.starts(at, _PERSON):  # what follows is for the person
        return Found((), at + len(_PERSON))
    return names.read(text, at + len(_RECIPIENT))
