"""The configuration that `openSession` of alcove.js sends, checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from typing import cast

from providers.json_types import Json
from providers.wire import clean_text
from py_app.budget import Budget
from py_app.documents.attached import document_ids
from py_app.documents.text_files import files_of, read_file
from py_app.errors import AlcoveError
from py_app.json_schema import Schema
from py_app.message import Block, Message, text_of
from py_app.pictures import pictures_of, read_picture
from py_app.policy import Policy


def clean(value: object) -> object:
    """`value` (parsed JSON) with every string cleaned of lone surrogates and NUL."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean(item) for item in cast(list[object], value)]
    if isinstance(value, dict):
        return {clean_text(key): clean(item) for key, item in cast(Json, value).items()}
    return value


@dataclass(frozen=True)
class Prompt:
    """What a person sends: text, pictures as image blocks (see `py_app/pictures.py`), and blocks of files
    (see `py_app/documents/text_files.py`)."""

    text: str
    pictures: list[Block] = field(default_factory=list[Block])
    files: list[Block] = field(default_factory=list[Block])
    schema: Schema | None = None
    """What the answer has to fit."""
    documents: list[str] | None = None
    """What the conversation is about from here on; None leaves that as it is."""
    instead: int | None = None
    """It takes the place of the person's message with this number, from 0 on, and of all that follows it."""

    @classmethod
    def parse(cls, raw: object) -> Prompt:
        """From {"text", "images"?: [{"media_type", "data", "description"?}], "files"?: [{"name", "text", …}],
        "schema"?, "documents"?: [id], "instead"?}, cleaned.

        Raises AlcoveError (bad-request) for anything else.
        """
        given = clean(raw)
        prompt = cast(Json, given if isinstance(given, dict) else {})
        images: object = prompt.get("images") or []
        files: object = prompt.get("files") or []
        instead: object = prompt.get("instead")
        placed = instead is None or (type(instead) is int and instead >= 0)
        if not isinstance(prompt.get("text"), str) or not placed:
            raise AlcoveError("bad-request", 'A prompt is {"text": …, "images": […], "files": […]}.')
        if not isinstance(images, list) or not isinstance(files, list):
            raise AlcoveError("bad-request", "The images and the files of a prompt are lists.")
        pictures = [read_picture(image) for image in cast(list[object], images)]
        texts = [read_file(file) for file in cast(list[object], files)]
        about: object = prompt.get("documents")
        documents = None if about is None else document_ids(about)
        schema = _schema(prompt.get("schema"))
        return cls(prompt["text"], pictures, texts, schema, documents, cast("int | None", instead))

    @property
    def attached(self) -> list[Block]:
        """What goes with the text, in the order in which a model reads it."""
        return [*self.pictures, *self.files]

    @classmethod
    def of(cls, message: Message) -> Prompt:
        """What was sent as `message`, to be sent again.

        Raises AlcoveError (bad-request) for a wrong schema.
        """
        about = cast(Json, message.get("metadata") or {})
        return cls(text_of(message), pictures_of(message), files_of(message), _schema(about.get("schema")))


def _schema(given: object) -> Schema | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise AlcoveError("bad-request", "The schema of an answer is a JSON Schema object.")
    return Schema(cast(Json, given))


@dataclass(frozen=True)
class SessionConfig:
    """`messages` resumes a conversation (its record's messages, and `created` of that record if it is known);
    `plan` is an Amplifier mount plan; `working_dir` the folder that tools work in, None for the home."""

    id: str
    provider: str = "llamacpp"
    model: str | None = None
    provider_config: Json = field(default_factory=Json, metadata={"json": "providerConfig"})
    system: str = ""
    tools: list[Json | str] = field(default_factory=list[Json | str])
    sampling: Json = field(default_factory=Json)
    """By OpenAI's names; what it leaves out is the plan's, or the model's own."""
    approvals: Policy = field(default_factory=Policy)
    budget: Budget = field(default_factory=Budget)
    messages: list[Message] = field(default_factory=list[Message])
    plan: Json = field(default_factory=Json)
    agent: Json = field(default_factory=Json)
    """{"archive": path of a packed bundle, "name", "id"?, "known"?, "system"?, "model"?}.

    Where `system` or `model` is true, this configuration's counts and not the bundle's; `known` names what of
    it was told to be left out."""
    created: str | None = None
    documents: list[str] = field(default_factory=list[str])
    """What the conversation is about."""
    working_dir: str | None = field(default=None, metadata={"json": "workingDir"})

    @classmethod
    def parse(cls, raw: object) -> SessionConfig:
        """From the JSON of `open`.

        Null means the default. Raises AlcoveError (bad-request) naming what is wrong.
        """
        cleaned = clean(raw)
        if not isinstance(cleaned, dict):
            raise AlcoveError("bad-request", "The session's configuration is not an object.")
        given = {key: value for key, value in cast(Json, cleaned).items() if value is not None}
        names = {_json_name(f): f.name for f in fields(cls)}
        if unknown := sorted(given.keys() - names.keys()):
            raise AlcoveError("bad-request", f"The session's configuration has no {', '.join(unknown)}.")
        for name, parse in _PARSED.items():
            if name in given:
                given[name] = parse(given[name])
        for name, value in given.items():
            expected = _TYPES.get(name, str)
            if not isinstance(value, expected):
                raise AlcoveError("bad-request", f'"{name}" must be of type {expected.__name__}.')
        if not given.get("id"):
            raise AlcoveError("bad-request", 'A session needs an "id".')
        _check(given.get("messages", []))
        return cls(**{names[name]: value for name, value in given.items()})


def parse_messages(raw: object) -> list[Message]:
    """The messages of a conversation, from parsed JSON, cleaned. Raises AlcoveError (bad-request)."""
    messages = clean(raw)
    if not isinstance(messages, list):
        raise AlcoveError("bad-request", "The messages of a conversation are a list.")
    return _check(cast(list[object], messages))


def _check(messages: list[object]) -> list[Message]:
    for message in messages:
        if not isinstance(message, dict) or "role" not in message or "content" not in message:
            raise AlcoveError("bad-request", "A message of the conversation has no role or no content.")
    return cast(list[Message], messages)


_SAMPLING = {
    "temperature": "temperature",
    "topP": "top_p",
    "maxTokens": "max_tokens",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
    "seed": "seed",
    "stop": "stop",
}


def _sampling(raw: object) -> Json:
    """What of it the engines do not take they refuse themselves, with the range."""
    given = cast(Json, raw) if isinstance(raw, dict) else {"": raw}
    if not given.keys() <= _SAMPLING.keys():
        raise AlcoveError("bad-request", f'"sampling" may hold {", ".join(_SAMPLING)}.')
    return {_SAMPLING[name]: value for name, value in given.items() if value is not None}


_PARSED: dict[str, Callable[[object], object]] = {
    "sampling": _sampling,
    "approvals": Policy.parse,
    "budget": Budget.parse,
    "documents": document_ids,
}
_TYPES: dict[str, type] = {
    "sampling": dict,
    "tools": list,
    "messages": list,
    "plan": dict,
    "agent": dict,
    "providerConfig": dict,
    "approvals": Policy,
    "budget": Budget,
    "documents": list,
}


def _json_name(of: Field[object]) -> str:
    return of.metadata.get("json", of.name)
