"""ChatRequest to OpenAI chat-completions JSON, and completions back to ChatResponse.

The JSON is that of `workers/engine/contract.ts`. A model that cannot see gets the description of a picture in
its place (our image blocks may carry a `description`). Nothing is dropped in silence: what the engines cannot
take raises an LLMError. Two things are left out on purpose: thinking blocks (a model's own notes are not part
of the conversation it is given) and the hints and book-keeping fields in `_NOT_SENT`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn, cast

from amplifier_core.llm_errors import InvalidToolCallError
from amplifier_core.message_models import (
    ChatRequest,
    ChatResponse,
    ImageBlock,
    Message,
    TextBlock,
    ToolCall,
    Usage,
)

from providers.errors import error_data, to_llm_error
from providers.json_types import Json

_SURROGATES = re.compile("[\ud800-\udfff]")

# Settings that every engine takes, by the name that ChatRequest (or a provider's config) gives them.
SAMPLING = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_output_tokens": "max_tokens",
    "seed": "seed",
    "stop": "stop",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
# Hints ("providers that don't support a field ignore it", says ChatRequest) and our own book-keeping.
_NOT_SENT = {"conversation_id", "stream", "metadata", "reasoning_effort", "timeout"}
_SPECIAL = {"messages", "tools", "tool_choice", "response_format", "model"}


def clean_text(text: str) -> str:
    """Replace lone surrogates by U+FFFD and remove NUL: neither survives UTF-8, C strings or the kernel."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


# --- request ---------------------------------------------------------------------------------------------


def chat_request(
    request: ChatRequest,
    *,
    request_id: str,
    defaults: Json | None = None,
    sees: bool = True,
) -> Json:
    """The engine's request for `request`; `defaults` fills settings that the request leaves open.

    Raises InvalidRequestError for content or settings that no engine takes; the error of `unsupported` for a
    picture that nobody has described, if the model cannot see (`sees`).
    """
    body: Json = {
        "id": request_id,
        "messages": [m for message in request.messages for m in _message(message, sees)],
    }
    given = {**request.__dict__, **(request.model_extra or {})}
    for name, value in {**(defaults or {}), **{k: v for k, v in given.items() if v is not None}}.items():
        if name in SAMPLING:
            body[SAMPLING[name]] = value
        elif name == "model":
            body["model"] = value
        elif name not in _NOT_SENT and name not in _SPECIAL:
            raise _unsupported(f'The setting "{name}" is not known to the engines.')
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description or "",
                    "parameters": tool.parameters,
                },
            }
            for tool in request.tools
        ]
    if request.tool_choice is not None:
        body["tool_choice"] = request.tool_choice
    if request.response_format is not None and request.response_format.type != "text":
        body["response_format"] = _response_format(request.response_format.model_dump())
    return body


def _unsupported(message: str) -> Exception:
    return to_llm_error(error_data("bad-request", message))


def _response_format(given: Json) -> Json:
    if given["type"] == "json":
        return {"type": "json_object"}
    schema = given["json_schema"]
    named = schema if isinstance(schema.get("schema"), dict) else {"name": "answer", "schema": schema}
    if given.get("strict") is not None:
        named = {**named, "strict": given["strict"]}
    return {"type": "json_schema", "json_schema": named}


def has_pictures(request: ChatRequest) -> bool:
    """Whether a message holds an image block."""
    return any(
        block.type == "image"
        for message in request.messages
        if not isinstance(message.content, str)
        for block in message.content
    )


def _message(message: Message, sees: bool) -> list[Json]:
    """One Amplifier message; tool results inside a user message become `tool` messages of their own."""
    if message.role == "function":
        raise _unsupported('Messages of role "function" are not supported; use role "tool".')
    # Chat templates know no "developer".
    role = "system" if message.role == "developer" else message.role
    extra: Json = message.model_extra or {}
    parts: list[Json] = []
    calls: list[Json] = [_stored_call(call) for call in cast(list[object], extra.get("tool_calls") or [])]
    results: list[Json] = []
    if isinstance(message.content, str):  # most messages: worth no block
        parts.append({"type": "text", "text": clean_text(message.content)})
    for block in () if isinstance(message.content, str) else message.content:
        if block.type == "text":
            parts.append({"type": "text", "text": clean_text(block.text)})
        elif block.type == "image" and role != "assistant":
            parts.append(_picture(block) if sees else _described(block))
        elif block.type == "tool_call" and role == "assistant":
            calls.append(_call(block.id, block.name, block.input))
        elif block.type == "tool_result" and role in ("user", "tool"):
            results.append(_tool_message(block.tool_call_id, _result_text(block.output)))
        elif block.type not in ("thinking", "redacted_thinking", "reasoning"):
            raise _unsupported(f'A block of type "{block.type}" cannot stand in a message of role "{role}".')
    content = _content(parts)
    if role == "tool" and not results:
        if not message.tool_call_id:
            raise _unsupported("A tool result names no tool call.")
        return [_tool_message(message.tool_call_id, content)]
    out: Json = {"role": role, "content": content}
    if message.name:
        out["name"] = message.name
    if calls:
        out["tool_calls"] = calls
    return results if results and not parts else [*results, out]


def _content(parts: list[Json]) -> str | list[Json]:
    """Plain text where possible: every chat template takes a string."""
    if all(part["type"] == "text" for part in parts):
        return "".join(part["text"] for part in parts)
    return parts


def _tool_message(call_id: str, content: str | list[Json]) -> Json:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def _result_text(output: object) -> str:
    return clean_text(
        output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, default=str)
    )


def _call(call_id: str, name: str, arguments: Json) -> Json:
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
    }


def _stored_call(call: object) -> Json:
    """A call as our context stores it ({id, name, arguments}); other contexts say "tool" for the name."""
    fields = cast(Json, call if isinstance(call, Mapping) else call.__dict__)
    return _call(
        str(fields["id"]), str(fields.get("name") or fields.get("tool")), fields.get("arguments") or {}
    )


def _picture(block: ImageBlock) -> Json:
    return {"type": "image_url", "image_url": {"url": _image_url(block.source)}}


def _described(block: ImageBlock) -> Json:
    description = (block.model_extra or {}).get("description")
    if not description:
        raise to_llm_error(
            error_data(
                "unsupported",
                "This model reads text only; it cannot see pictures.",
                action="Remove the picture, or choose a model that can see.",
            )
        )
    return {"type": "text", "text": f"[Picture: {clean_text(str(description))}]\n"}


def _image_url(source: Json) -> str:
    if source.get("type") == "base64" and source.get("data"):
        return f"data:{source.get('media_type') or 'image/png'};base64,{source['data']}"
    if source.get("url"):
        return str(source["url"])
    raise _unsupported("An image needs base64 data or a URL.")


# --- response --------------------------------------------------------------------------------------------


def chat_response(completion: Json, *, provider: str) -> ChatResponse:
    """The ChatResponse of one `chat.completion`.

    `metadata` holds `provider` and `model`. A tool call whose arguments are no JSON object keeps them in
    `raw_arguments` and says why in `invalid`, so that the loop can tell the model.
    Raises the LLMError of `engine-crashed` when there is no answer in it at all.
    """
    choices = completion.get("choices")
    if not isinstance(choices, list) or not choices:
        data = error_data("engine-crashed", "The engine gave no answer.", detail=json.dumps(completion)[:500])
        raise to_llm_error(data, provider=provider)
    choice = next(first_choice(cast(list[object], choices)), Json())
    message = cast(Json, choice.get("message") or {})
    text = clean_text(message.get("content") or "")
    calls = [
        _tool_call(index, call)
        for index, call in enumerate(cast(list[Json], message.get("tool_calls") or []))
    ]
    return ChatResponse(
        content=[TextBlock(text=text)] if text else [],
        tool_calls=calls or None,
        usage=_usage(completion.get("usage")),
        finish_reason=choice.get("finish_reason") or "stop",
        metadata={"provider": provider, "model": completion.get("model")},
    )


def _usage(given: object) -> Usage | None:
    if not isinstance(given, dict):
        return None
    usage = cast(Json, given)
    prompt, answer = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    details: object = usage.get("prompt_tokens_details")
    cached: object = cast(Json, details).get("cached_tokens") if isinstance(details, dict) else None
    measured = {
        name: usage[name]
        for name in (
            "ttft_ms",
            "prefill_tokens_per_second",
            "decode_tokens_per_second",
            "image_tokens",
            "image_encode_ms",
        )
        if _is_number(usage.get(name))
    }
    return Usage(
        input_tokens=prompt,
        output_tokens=answer,
        total_tokens=count(usage.get("total_tokens")) or prompt + answer,
        cache_read_tokens=None if cached is None else count(cached),
        **measured,
    )


def first_choice(choices: Iterable[object]) -> Iterator[Json]:
    """The answer that was asked for: a server may send others beside it, or as pieces of the same stream."""
    for choice in choices:
        if isinstance(choice, dict) and not cast(Json, choice).get("index"):
            yield cast(Json, choice)


def count(value: object) -> int:
    """How many tokens a server says; 0 for what is no number: an answer is not lost over its bill."""
    return max(0, int(cast(float, value))) if _is_number(value) else 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _tool_call(index: int, call: Json) -> ToolCall:
    function: Json = call.get("function") or {}
    name = clean_text(str(function.get("name") or ""))
    call_id = str(call.get("id") or f"call_{index}")
    raw = function.get("arguments")
    try:
        return ToolCall(id=call_id, name=name, arguments=parse_arguments(name, raw))
    except InvalidToolCallError as error:
        extra: Json = {"raw_arguments": error.raw_arguments, "invalid": str(error)}
        return ToolCall(id=call_id, name=name, arguments={}, **extra)


def parse_arguments(name: str, raw: object) -> Json:
    """The arguments of a tool call. Raises InvalidToolCallError unless `raw` is (the JSON of) an object."""
    value = raw
    if isinstance(raw, str):
        try:
            # NaN and Infinity are no JSON, and the kernel's events refuse them.
            value = json.loads(clean_text(raw) or "{}", parse_constant=_no_constant)
        except ValueError as error:
            raise InvalidToolCallError(
                f"The arguments are not valid JSON: {error}", tool_name=name, raw_arguments=clean_text(raw)
            ) from error
    if not isinstance(value, dict):
        raise InvalidToolCallError(
            "The arguments are not a JSON object.", tool_name=name, raw_arguments=clean_text(str(raw))
        )
    return cast(Json, value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not allowed")


class ChunkAccumulator:
    """Adds up `chat.completion.chunk`s: what has been said so far is never lost, however a stream ends."""

    def __init__(self) -> None:
        self.tokens = 0
        """Tokens of the text so far, as the chunks count them."""
        self._text: list[str] = []
        self._calls: dict[int, Json] = {}
        self._last: Json = {}
        self._usage: Json | None = None
        self._finish_reason: str | None = None

    @property
    def text(self) -> str:
        return "".join(self._text)

    def add(self, chunk: Json) -> str:
        """Take one chunk; returns the text it added (often empty)."""
        self._last = chunk
        self._usage = chunk.get("usage") or self._usage
        text = ""
        for choice in first_choice(chunk.get("choices") or ()):
            self._finish_reason = choice.get("finish_reason") or self._finish_reason
            delta: Json = choice.get("delta") or {}
            if content := delta.get("content"):
                text = clean_text(content)
                self._text.append(text)
                self.tokens += chunk.get("tokens", 1)
            for call in cast(Iterable[Json], delta.get("tool_calls") or ()):
                self._add_call(call)
        return text

    def _add_call(self, delta: Json) -> None:
        call = self._calls.setdefault(delta.get("index", 0), {"function": {"name": "", "arguments": ""}})
        if delta.get("id"):
            call["id"] = delta["id"]
        function: Json = delta.get("function") or {}
        for part in ("name", "arguments"):
            call["function"][part] += function.get(part) or ""

    def completion(self, finish_reason: str | None = None) -> Json:
        """The `chat.completion` of the chunks so far."""
        message: Json = {"role": "assistant", "content": self.text}
        if self._calls:
            message["tool_calls"] = [self._calls[index] for index in sorted(self._calls)]
        return {
            "id": self._last.get("id"),
            "object": "chat.completion",
            "model": self._last.get("model"),
            "choices": [
                {
                    "index": 0,
                    "message": message,
                    "finish_reason": finish_reason or self._finish_reason or "stop",
                }
            ],
            "usage": self._usage,
        }
