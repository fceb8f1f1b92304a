"""What is nice to have, and left out for a server that refuses it."""

from __future__ import annotations

import re
from typing import cast

from amplifier_core.llm_errors import LLMError

from providers.errors import from_llm_error
from providers.json_types import Json

_USAGE = "stream_options"
_OF_MESSAGES = {"role", "content", "name", "tool_calls", "tool_call_id"}
_WANTS = re.compile(r"missing|require|must be (passed|provided|sent|included)", re.I)
_STRANGE = re.compile(
    r"extra (field|input|propert)|(unknown|unrecogni[sz]ed|unsupported|unexpected) "
    r"(request )?(field|parameter|argument|key|propert)|extra_forbidden",
    re.I,
)
_NO_SYSTEM = re.compile(
    r"system (role|message|prompt)s? (is |are )?not (supported|allowed)"
    r"|only user.{0,20}assistant roles|roles must alternate",
    re.I,
)


class Leniency:
    """Of one server: which fields it refused by name, and whether its template takes no system message."""

    def __init__(self) -> None:
        self._refused: set[str] = set()
        self._no_system = False
        self.renames_limit = False
        """Whether it wants `max_completion_tokens` for `max_tokens`, as OpenAI's newer models do."""

    def fitted(self, body: Json) -> Json:
        """`body` with what the server takes of it."""
        fitted: Json = {**body, _USAGE: {"include_usage": True}}
        if self._refused:
            fitted = {key: value for key, value in fitted.items() if key not in self._refused}
            fitted["messages"] = [self._without(message) for message in body["messages"]]
        if self._no_system:
            fitted["messages"] = _told_by_the_user(fitted["messages"])
        return fitted

    def learns(self, error: LLMError, body: Json) -> bool:
        """Whether the same request is worth another try, with less in it, after `error`."""
        words = from_llm_error(error).get("detail", "")
        if _NO_SYSTEM.search(words) and not self._no_system:  # some servers fail at it with status 500
            self._no_system = any(message["role"] == "system" for message in body["messages"])
            return self._no_system
        if error.status_code not in (400, 422):
            return False
        if "max_completion_tokens" in words and "max_tokens" in body and not self.renames_limit:
            self.renames_limit = True
            return True
        if _WANTS.search(words):
            return False
        extras = {_USAGE, *_extras(body)} - self._refused
        named = {name for name in extras if name in words}
        if not named and _STRANGE.search(words):
            named = extras & {_USAGE}
        self._refused |= named
        return bool(named)

    def _without(self, message: Json) -> Json:
        kept = {key: value for key, value in message.items() if key not in self._refused}
        if "tool_calls" in kept:
            kept["tool_calls"] = [
                {key: value for key, value in call.items() if key not in self._refused}
                for call in cast(list[Json], kept["tool_calls"])
            ]
        return kept


def _extras(body: Json) -> set[str]:
    """Fields of messages and calls that other servers want back, and OpenAI's protocol does not know."""
    messages = cast(list[Json], body["messages"])
    calls = [call for message in messages for call in cast(list[Json], message.get("tool_calls") or [])]
    own = {name for message in messages for name in message} - _OF_MESSAGES
    return own | {name for call in calls for name in call} - {"id", "type", "function"}


def _told_by_the_user(messages: list[Json]) -> list[Json]:
    """The same conversation, its system messages at the head of the first user message."""
    told = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    rest = [message for message in messages if message["role"] != "system"]
    first = next((i for i, message in enumerate(rest) if message["role"] == "user"), None)
    if first is None:
        return [{"role": "user", "content": told}, *rest]
    said = rest[first]["content"]
    parts = [{"type": "text", "text": f"{told}\n\n"}]
    content = f"{told}\n\n{said}" if isinstance(said, str) else [*parts, *said]
    return [*rest[:first], {**rest[first], "content": content}, *rest[first + 1 :]]
