"""Amplifier's messages to OpenAI's.

Nothing is dropped in silence: what the engines cannot take raises an LLMError. Thinking is left out on
purpose: a model's own notes are no part of the conversation that it is given, but for a server that puts them
into a field of its own, which may want them back with the results of the tools that they led to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from amplifier_core.message_models import ChatRequest, ImageBlock, Message

from providers.errors import error_data, to_llm_error
from providers.json_types import Json
from providers.wire.calls import call_json, stored_call
from providers.wire.text import clean_text


def unsupported(message: str) -> Exception:
    return to_llm_error(error_data("bad-request", message))


def messages_json(messages: Sequence[Message], *, sees: bool) -> list[Json]:
    """The conversation for a model; one that cannot see (`sees`) gets a picture's description in its place.

    An answer without words or calls is left out, and neighbours of one role are joined: many templates want
    the roles to alternate. Raises InvalidRequestError, and the error of `unsupported` for a picture that
    nobody has described.
    """
    places = range(len(messages) - 1, -1, -1)
    asked = next((place for place in places if messages[place].role == "user"), -1)
    joined: list[Json] = []
    for place, message in enumerate(messages):
        for out in _message(message, sees, running=place > asked):
            if out["role"] == "assistant" and not out["content"] and "tool_calls" not in out:
                continue
            before = joined[-1] if joined else None
            if before is not None and _alike(before, out):
                joined[-1] = {**before, "content": _join(before["content"], out["content"])}
            else:
                joined.append(out)
    return joined


def _alike(one: Json, other: Json) -> bool:
    if one["role"] != other["role"] or one["role"] not in ("user", "assistant"):
        return False
    return one.keys() == other.keys() == {"role", "content"}


def _join(one: str | list[Json], other: str | list[Json]) -> str | list[Json]:
    if isinstance(one, str) and isinstance(other, str):
        return f"{one}\n\n{other}"
    return [*_as_parts(one), *_as_parts(other)]


def _as_parts(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def has_pictures(request: ChatRequest) -> bool:
    """Whether a message holds an image block."""
    return any(
        block.type == "image"
        for message in request.messages
        if not isinstance(message.content, str)
        for block in message.content
    )


def _message(message: Message, sees: bool, running: bool) -> list[Json]:
    """One Amplifier message; tool results inside a user message become `tool` messages of their own.

    `running`: it is a step of the turn that runs.
    """
    if message.role == "function":
        raise unsupported('Messages of role "function" are not supported; use role "tool".')
    # Chat templates know no "developer".
    role = "system" if message.role == "developer" else message.role
    extra: Json = message.model_extra or {}
    told: object = extra.get("tool_calls")
    if isinstance(message.content, str) and not told and not message.name and role != "tool":
        return [{"role": role, "content": clean_text(message.content)}]  # most messages
    calls: list[Json] = [stored_call(call) for call in cast("list[object]", told)] if told else []
    parts: list[Json] = []
    thoughts: Json = {}
    results: list[Json] = []
    for block in () if isinstance(message.content, str) else message.content:
        if block.type == "text":
            parts.append({"type": "text", "text": clean_text(block.text)})
        elif block.type == "image" and role != "assistant":
            parts.append(_picture(block) if sees else _described(block))
        elif block.type == "tool_call" and role == "assistant":
            if all(call["id"] != block.id for call in calls):  # some contexts keep a call in both places
                calls.append(
                    call_json(block.id, block.name, block.input, (block.model_extra or {}).get("fields"))
                )
        elif block.type == "tool_result" and role in ("user", "tool"):
            results.append(_tool_message(block.tool_call_id, _result_text(block.output)))
        elif block.type == "thinking" and running and (field := (block.model_extra or {}).get("field")):
            thoughts[field] = thoughts.get(field, "") + block.thinking
        elif block.type not in ("thinking", "redacted_thinking", "reasoning"):
            raise unsupported(f'A block of type "{block.type}" cannot stand in a message of role "{role}".')
    content = clean_text(message.content) if isinstance(message.content, str) else _content(parts)
    if role == "tool" and not results:
        if not message.tool_call_id:
            raise unsupported("A tool result names no tool call.")
        return [_tool_message(message.tool_call_id, content)]
    out: Json = {"role": role, "content": content}
    if message.name:
        out["name"] = message.name
    if calls:
        out |= {"tool_calls": calls, **thoughts}
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
    raise unsupported("An image needs base64 data or a URL.")
