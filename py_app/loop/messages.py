"""Between the context's plain messages and Amplifier's request and response."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from amplifier_core.interfaces import Tool
from amplifier_core.message_models import ChatRequest, ChatResponse, ResponseFormatJsonSchema, ToolCall
from amplifier_core.models import ContextInjection, ToolResult

from providers.json_types import Json
from py_app.message import Block, Message


def chat_request(
    messages: Sequence[Message],
    tools: Mapping[str, Tool],
    *,
    tool_choice: str | None = None,
    response_format: ResponseFormatJsonSchema | None = None,
) -> ChatRequest:
    specs: list[Json] = [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters": getattr(tool, "input_schema", None) or {},
        }
        for tool in tools.values()
    ]
    return ChatRequest.model_validate(
        {
            "messages": list(messages),
            "tools": specs or None,
            "tool_choice": tool_choice if specs else None,
            "response_format": response_format,
        }
    )


def user_message(
    text: str, pictures: Sequence[Block], schema: Json | None = None, documents: Sequence[str] = ()
) -> Message:
    """Plain text where there are no pictures; else they stand first, as vision models are trained."""
    metadata: Json = {} if schema is None else {"schema": schema}
    if documents:
        metadata["documents"] = list(documents)
    about: Message = {"metadata": metadata} if metadata else {}
    if not pictures:
        return {"role": "user", "content": text, **about}
    said = [{"type": "text", "text": text}] if text.strip() else []
    return {"role": "user", "content": [*pictures, *said], **about}


def response_text(response: ChatResponse) -> str:
    return "".join(block.text for block in response.content if block.type == "text")


_NO_ROOM = (
    "No answer came: the limit on its length was reached before it began. Allow longer answers"
    " (max_output_tokens, or your server's own limit), or ask for less at a time."
)
_ONLY_THOUGHT = "No answer came: the model stopped when it had thought. Ask again, or put it another way."


def missing_answer(response: ChatResponse) -> str:
    """What to say where a model had no room for an answer, or only thought; else ""."""
    if response_text(response).strip():
        return ""
    if response.finish_reason == "length":
        return _NO_ROOM
    return _ONLY_THOUGHT if response.content else ""


def assistant_message(
    text: str,
    calls: Sequence[ToolCall] = (),
    *,
    finish_reason: str = "stop",
    response: ChatResponse | None = None,
) -> Message:
    """The message that the context keeps; its shape is described in `py_app/message.py`."""
    blocks = [block for block in (response.content if response else []) if block.type != "tool_call"]
    plain = all(block.type == "text" for block in blocks)
    content = text if plain else [block.model_dump(mode="json", exclude_none=True) for block in blocks]
    message: Message = {"role": "assistant", "content": content}
    if calls:
        message["tool_calls"] = [call.model_dump(mode="json") for call in calls]
    if finish_reason not in ("stop", "tool_calls"):
        message["metadata"] = {"finish_reason": finish_reason}
    return message


def join_answers(broken: Message, rest: Message) -> Message:
    """An answer that broke off, and what was said when it went on, as one message; it ends as `rest` does."""
    joined = {key: value for key, value in {**broken, **rest}.items() if key != "metadata"}
    ends, goes_on = broken["content"], rest["content"]
    if isinstance(ends, str) and isinstance(goes_on, str):
        joined["content"] = ends + goes_on
    else:
        joined["content"] = _joined([*as_blocks(ends), *as_blocks(goes_on)])
    return {**joined, "metadata": rest["metadata"]} if "metadata" in rest else joined


def _joined(blocks: list[Block]) -> list[Block]:
    """With neighbours of text as one: an answer may have broken off in a word."""
    joined: list[Block] = []
    for block in blocks:
        if joined and joined[-1]["type"] == block["type"] == "text":
            joined[-1] = {**joined[-1], "text": joined[-1]["text"] + block["text"]}
        else:
            joined.append(block)
    return joined


def as_blocks(content: str | list[Block]) -> list[Block]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def tool_message(call: ToolCall, content: str | list[Block]) -> Message:
    return {"role": "tool", "tool_call_id": call.id, "name": call.name, "content": content}


def result_content(result: ToolResult) -> str | list[Block]:
    """What the model reads of a result: rich content if the tool gave it, else its output as text."""
    if result.content:
        return [block.model_dump(mode="json", exclude_none=True) for block in result.content]
    try:
        return result.get_serialized_output()
    except TypeError:  # an output that is no JSON
        return str(result.output)


def error_told(error: BaseException | str, kind: str = "") -> Json:
    """An error as events carry it: Amplifier's modules read `msg` in some places and `message` in others."""
    return {"type": kind or type(error).__name__, "msg": str(error), "message": str(error)}


def plain_result(result: ToolResult) -> Json:
    """A result as events carry it: JSON for sure."""
    try:
        return result.safe_hook_presentation()
    except (TypeError, ValueError):
        return {"success": result.success, "output": str(result.output), "error": None}


def inject(messages: list[Message], injections: Sequence[ContextInjection]) -> list[Message]:
    """`messages` with what hooks want the model to see in this request only."""
    messages = list(messages)
    for injection in injections:
        last = messages[-1] if messages else {}
        if injection.append_to_last_tool_result and last.get("role") == "tool":
            content = last["content"] if isinstance(last["content"], str) else json.dumps(last["content"])
            messages[-1] = {**last, "content": f"{content}\n\n{injection.content}"}
        else:
            messages.append({"role": injection.role, "content": injection.content})
    return messages
