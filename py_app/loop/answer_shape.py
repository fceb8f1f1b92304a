"""Answers under a JSON Schema: what the model is told, and what its text is as an object.

Where the engine can, a grammar or the server holds the answer to the schema (`response_format`); what
comes is checked all the same, and the model is told once or twice what is wrong with it.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import cast

from amplifier_core.message_models import ResponseFormatJsonSchema

from providers.json_types import Json
from py_app.errors import AlcoveError
from py_app.json_schema import Schema
from py_app.message import Message

_CORRECTIONS = 2
_DECODER = json.JSONDecoder()
_BRACKET = re.compile(r"[{\[]")
_MOST_BRACKETS = 100
_QUOTED = 4000
"""Characters of a wrong answer that are shown to the model again."""


class AnswerShape:
    """The shape of one turn's answer."""

    def __init__(self, schema: Schema, *, has_tools: bool) -> None:
        self._schema = schema
        self._text = json.dumps(schema.source, ensure_ascii=False)
        self._value: object = None
        self._problem: str | None = None
        self._wrong: str | None = None
        self._corrections = 0
        self.only_object = not has_tools
        """Whether the next request wants the object and nothing else: tools have had their chance."""
        self.held = True
        """Whether requests ask the engine to hold the answer to the schema; not after it refused to."""

    @property
    def schema(self) -> Json:
        """As it was given."""
        return self._schema.source

    @property
    def response_format(self) -> ResponseFormatJsonSchema:
        schema = {"name": "answer", "schema": self._schema.source}
        return ResponseFormatJsonSchema(type="json_schema", json_schema=schema, strict=None)

    def instruct(self, messages: list[Message]) -> list[Message]:
        """`messages` with what the model has to know of the shape, in this request only."""
        wanted = f"Answer with one JSON value, and nothing else, that fits this JSON Schema:\n{self._text}"
        if self._wrong is not None:
            wanted = f"{self._wrong}\n\n{wanted}"
        *before, last = messages or [{"role": "user", "content": ""}]
        if last["role"] != "user":
            return [*before, last, {"role": "user", "content": wanted}]
        content = last["content"]
        if isinstance(content, str):
            return [*before, {**last, "content": f"{content}\n\n{wanted}".strip()}]
        return [*before, {**last, "content": [*content, {"type": "text", "text": wanted}]}]

    def again(self, text: str, finish_reason: str) -> bool:
        """Reads an answer; whether the model is to be asked again, because it does not fit."""
        found, self._value = json_in(text)
        self._problem = self._schema.problem(self._value, "the answer") if found else "it is not JSON"
        if self._problem and finish_reason == "length":
            self._problem = "it was cut off at the limit of an answer"
        if self._problem is None or self._corrections == _CORRECTIONS:
            return False
        mistake = "Now give it as JSON."
        if self.only_object:
            self._corrections += 1
            mistake = f"That does not do: {self._problem}."
        self._wrong = f"You have answered:\n{text[:_QUOTED]}\n\n{mistake}"
        self.only_object = True
        return True

    def answer(self) -> object:
        """The object that the last answer holds. Raises AlcoveError (unsupported) if it does not fit."""
        if self._problem is None:
            return self._value
        raise AlcoveError(
            "unsupported",
            f"The model gave no answer that fits the schema: {self._problem}.",
            action="Try again, make the schema simpler, or choose a larger model.",
        )


def json_in(text: str) -> tuple[bool, object]:
    """Whether `text` holds a JSON value, alone or with what a model likes to put round it, and the value."""
    try:
        return True, json.loads(text)
    except (ValueError, RecursionError):
        pass
    for bracket in islice(_BRACKET.finditer(text), _MOST_BRACKETS):
        try:
            value, _ = _DECODER.raw_decode(text, bracket.start())
        except (ValueError, RecursionError):
            continue
        return True, cast(object, value)
    return False, None
