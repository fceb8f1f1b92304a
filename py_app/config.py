"""The configuration that `openSession` of alcove.js sends, checked."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, cast

from providers.wire import clean_text
from py_app.errors import AlcoveError
from py_app.pictures import Block, read_picture
from py_app.transcript import Message


def clean(value: Any) -> Any:
    """`value` (parsed JSON) with every string cleaned of lone surrogates and NUL."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean(item) for item in cast(list[Any], value)]
    if isinstance(value, dict):
        return {clean_text(key): clean(item) for key, item in cast(dict[str, Any], value).items()}
    return value


@dataclass(frozen=True)
class Prompt:
    """What a person sends: text, and pictures as image blocks (see `py_app/pictures.py`)."""

    text: str
    pictures: list[Block] = field(default_factory=list[Block])

    @classmethod
    def parse(cls, raw: Any) -> Prompt:
        """From {"text", "images"?: [{"media_type", "data", "description"?}]}, cleaned.

        Raises AlcoveError (bad-request) for anything else.
        """
        prompt = cast(dict[str, Any], clean(raw) if isinstance(raw, dict) else {})
        images: Any = prompt.get("images") or []
        if not isinstance(prompt.get("text"), str) or not isinstance(images, list):
            raise AlcoveError("bad-request", 'A prompt is {"text": …, "images": […]}.')
        return cls(prompt["text"], [read_picture(image) for image in cast(list[Any], images)])


@dataclass(frozen=True)
class SessionConfig:
    """`messages` resumes a conversation (its record's messages, and `created` of that record if it is known);
    `plan` is an Amplifier mount plan."""

    id: str
    provider: str = "llamacpp"
    model: str | None = None
    provider_config: dict[str, Any] = field(
        default_factory=dict[str, Any], metadata={"json": "providerConfig"}
    )
    system: str = ""
    tools: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    approvals: str = "ask"
    messages: list[Message] = field(default_factory=list[Message])
    plan: dict[str, Any] = field(default_factory=dict[str, Any])
    created: str | None = None

    @classmethod
    def parse(cls, raw: Any) -> SessionConfig:
        """From the JSON of `open`.

        Null means the default. Raises AlcoveError (bad-request) naming what is wrong.
        """
        if not isinstance(raw, dict):
            raise AlcoveError("bad-request", "The session's configuration is not an object.")
        given = {key: value for key, value in cast(dict[str, Any], clean(raw)).items() if value is not None}
        names = {_json_name(f): f.name for f in fields(cls)}
        if unknown := sorted(given.keys() - names.keys()):
            raise AlcoveError("bad-request", f"The session's configuration has no {', '.join(unknown)}.")
        for name, value in given.items():
            expected = _TYPES.get(name, str)
            if not isinstance(value, expected):
                raise AlcoveError("bad-request", f'"{name}" must be of type {expected.__name__}.')
        if not given.get("id"):
            raise AlcoveError("bad-request", 'A session needs an "id".')
        if given.get("approvals", "ask") not in ("ask", "allow"):
            raise AlcoveError("bad-request", '"approvals" must be "ask" or "allow".')
        config = cls(**{names[name]: value for name, value in given.items()})
        for message in config.messages:
            if not isinstance(message, dict) or "role" not in message or "content" not in message:  # pyright: ignore[reportUnnecessaryIsInstance]
                raise AlcoveError("bad-request", "A message of the conversation has no role or no content.")
        return config


_TYPES: dict[str, type] = {"tools": list, "messages": list, "plan": dict, "providerConfig": dict}


def _json_name(of: Field[Any]) -> str:
    return of.metadata.get("json", of.name)
