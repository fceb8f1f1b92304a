"""ChatRequest to OpenAI's chat-completions JSON, which is that of `workers/engine/contract.ts`."""

from __future__ import annotations

from amplifier_core.message_models import ChatRequest

from providers.json_types import Json
from providers.wire.messages import messages_json, unsupported

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
_NOT_SENT = {"conversation_id", "stream", "metadata", "reasoning_effort", "extended_thinking", "timeout"}
_SPECIAL = {"messages", "tools", "tool_choice", "response_format", "model"}


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
        "messages": messages_json(request.messages, sees=sees),
    }
    given = {**request.__dict__, **(request.model_extra or {})}
    for name, value in {**(defaults or {}), **{k: v for k, v in given.items() if v is not None}}.items():
        if name in SAMPLING:
            body[SAMPLING[name]] = value
        elif name == "model":
            body["model"] = value
        elif name not in _NOT_SENT and name not in _SPECIAL:
            raise unsupported(f'The setting "{name}" is not known to the engines.')
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


def _response_format(given: Json) -> Json:
    if given["type"] == "json":
        return {"type": "json_object"}
    schema = given["json_schema"]
    named = schema if isinstance(schema.get("schema"), dict) else {"name": "answer", "schema": schema}
    if given.get("strict") is not None:
        named = {**named, "strict": given["strict"]}
    return {"type": "json_schema", "json_schema": named}
