"""The wire: Amplifier messages to engine JSON and back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from amplifier_core import llm_errors
from amplifier_core.llm_errors import InvalidRequestError, LLMError
from amplifier_core.message_models import ChatRequest, ChatResponse, TextBlock
from hypothesis import given
from hypothesis import strategies as st

from providers import errors, wire

ROOT = Path(__file__).parents[3]


def sent(message: dict, **request) -> list[dict]:
    chat = ChatRequest.model_validate({"messages": [message], **request})
    return wire.chat_request(chat, request_id="r")["messages"]


def _response(completion: dict, *, provider: str) -> ChatResponse:
    """Of a whole answer, as `Completion` reads one."""
    chunks = wire.ChunkAccumulator()
    chunks.add(completion)
    return chunks.response(provider=provider)


def test_the_error_codes_are_those_of_typescript():
    source = (ROOT / "workers/wire/errors.ts").read_text()
    body = source.split("ERROR_CODES = [")[1].split("]")[0]
    assert tuple(re.findall(r'"([a-z-]+)"', body)) == errors.ERROR_CODES
    actions = source.split("DEFAULT_ACTION")[1].split("};")[0]
    for code in errors.ERROR_CODES:
        assert errors.error_data(code, "x")["action"] in actions


@pytest.mark.parametrize("code", errors.ERROR_CODES)
def test_every_code_survives_the_way_through_amplifier(code):
    data = errors.error_data(code, "What happened.", detail="log")
    error = errors.to_llm_error(data, provider="llamacpp", model="m")
    assert isinstance(error, LLMError)
    assert type(error) is not LLMError
    assert errors.from_llm_error(error) == data


def test_errors_of_other_providers_have_a_code_and_plain_words():
    for name in dir(llm_errors):
        error_type = getattr(llm_errors, name)
        if isinstance(error_type, type) and issubclass(error_type, LLMError):
            data = errors.from_llm_error(error_type("raw: 0xdeadbeef"))
            assert data["code"] in errors.ERROR_CODES
            assert "0xdeadbeef" not in data["message"]
    assert errors.read_error({"code": "strange"})["code"] == "engine-crashed"


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ({"role": "user", "content": "hi"}, [{"role": "user", "content": "hi"}]),
        ({"role": "developer", "content": "d"}, [{"role": "system", "content": "d"}]),
        (
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            [{"role": "user", "content": "ab"}],
        ),
        (
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "see"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/bmp", "data": "QQ=="},
                    },
                    {"type": "image", "source": {"type": "url", "url": "blob:x"}},
                ],
            },
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "see"},
                        {"type": "image_url", "image_url": {"url": "data:image/bmp;base64,QQ=="}},
                        {"type": "image_url", "image_url": {"url": "blob:x"}},
                    ],
                }
            ],
        ),
        (
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "yes"}],
            },
            [{"role": "assistant", "content": "yes"}],
        ),
        (
            {"role": "user", "content": [{"type": "tool_result", "tool_call_id": "c", "output": {"x": 1}}]},
            [{"role": "tool", "tool_call_id": "c", "content": '{"x": 1}'}],
        ),
        (
            {"role": "tool", "tool_call_id": "c", "content": "five"},
            [{"role": "tool", "tool_call_id": "c", "content": "five"}],
        ),
    ],
)
def test_messages(message, wanted):
    assert sent(message) == wanted


@pytest.mark.parametrize("stored", ["tool_calls", "tool_calls with tool", "blocks"])
def test_tool_calls_of_an_assistant(stored: str):
    message: dict = {"role": "assistant", "content": ""}
    if stored == "blocks":
        message["content"] = [{"type": "tool_call", "id": "c", "name": "f", "input": {"é": 1}}]
    else:
        key = "tool" if "with" in stored else "name"
        message["tool_calls"] = [{"id": "c", key: "f", "arguments": {"é": 1}}]
    function = {"name": "f", "arguments": '{"é": 1}'}
    assert sent(message) == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c", "type": "function", "function": function}],
        }
    ]


@pytest.mark.parametrize(
    "message",
    [
        {"role": "function", "content": "x"},
        {"role": "tool", "content": "no id"},
        {"role": "user", "content": [{"type": "tool_call", "id": "c", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "image", "source": {"type": "file"}}]},
        {"role": "assistant", "content": [{"type": "image", "source": {"type": "url", "url": "x"}}]},
        {"role": "system", "content": [{"type": "tool_result", "tool_call_id": "c", "output": 1}]},
    ],
)
def test_what_no_engine_takes_is_an_error(message):
    with pytest.raises(InvalidRequestError):
        sent(message)


def test_settings():
    request = ChatRequest.model_validate(
        {
            "messages": [],
            "temperature": 0,
            "max_output_tokens": 7,
            "stop": ["x"],
            "seed": 3,
            "tool_choice": "auto",
            "reasoning_effort": "low",
            "extended_thinking": True,  # Amplifier's own loop-streaming says it with every request
            "tools": [{"name": "f", "parameters": {"type": "object"}}],
            "response_format": {"type": "json_schema", "json_schema": {"type": "object"}, "strict": True},
        }
    )
    body = wire.chat_request(request, request_id="r", defaults={"temperature": 1, "top_p": 0.9, "model": "m"})
    assert body == {
        "id": "r",
        "messages": [],
        "model": "m",
        "temperature": 0,
        "top_p": 0.9,
        "max_tokens": 7,
        "stop": ["x"],
        "seed": 3,
        "tool_choice": "auto",
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "description": "", "parameters": {"type": "object"}},
            }
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
        },
    }
    with pytest.raises(InvalidRequestError, match="mirostat"):
        wire.chat_request(
            ChatRequest.model_validate({"messages": [], "mirostat": 2}), request_id="r", defaults={}
        )


def test_response():
    completion = {
        "model": "m",
        "choices": [
            {
                "message": {
                    "content": "Hi\0",
                    "tool_calls": [
                        {"id": "a", "function": {"name": "f", "arguments": '{"x": 1}'}},
                        {"id": "b", "function": {"name": "f", "arguments": "{oops"}},
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ],
        "usage": {
            "prompt_tokens": 4,
            "completion_tokens": 2,
            "total_tokens": 6,
            "prompt_tokens_details": {"cached_tokens": 3},
            "decode_tokens_per_second": 9.5,
        },
    }
    response = _response(completion, provider="p")
    assert [block.text for block in response.content] == ["Hi"]
    assert response.tool_calls is not None
    good, bad = response.tool_calls
    assert good.arguments == {"x": 1}
    assert (bad.arguments, bad.raw_arguments) == ({}, "{oops")
    assert "not valid JSON" in bad.invalid
    assert response.usage is not None
    assert (response.usage.input_tokens, response.usage.cache_read_tokens) == (4, 3)
    assert response.usage.decode_tokens_per_second == 9.5
    assert response.metadata == {"provider": "p", "model": "m"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), json_values)
)
def test_arguments_round_trip(arguments):
    text = json.dumps(arguments)
    cleaned = json.loads(wire.clean_text(text))
    assert wire.parse_arguments("f", text) == cleaned


@given(st.text(st.characters()))
def test_clean_text_is_safe_everywhere(text):
    cleaned = wire.clean_text(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert wire.clean_text(cleaned) == cleaned


# Without what may begin a tag of thinking: test_thinking.py has those.
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0<[◁"))))
def test_chunks_add_up(parts):
    chunks = wire.ChunkAccumulator()
    added = [piece for part in parts for piece in chunks.add({"choices": [{"delta": {"content": part}}]})]
    added += chunks.end()
    assert "".join(piece.text for piece in added) == chunks.text == "".join(parts)
    assert chunks.response(provider="p", finish_reason="cancelled").finish_reason == "cancelled"


def test_tool_call_chunks_add_up():
    chunks = wire.ChunkAccumulator()
    for delta in (
        {"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x"'}},
        {"index": 1, "id": "b", "function": {"name": "g"}},
        {"index": 0, "function": {"arguments": ": 1}"}},
    ):
        chunks.add({"choices": [{"delta": {"tool_calls": [delta]}}]})
    chunks.add({"choices": [{"delta": {}, "finish_reason": "tool_calls"}], "usage": {"prompt_tokens": 1}})
    response = chunks.response(provider="p")
    assert response.tool_calls is not None
    assert [(c.id, c.name, c.arguments) for c in response.tool_calls] == [
        ("a", "f", {"x": 1}),
        ("b", "g", {}),
    ]
    assert response.finish_reason == "tool_calls"


PICTURE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QQ=="}}


def test_a_model_that_cannot_see_reads_the_description():
    message = {
        "role": "user",
        "content": [{**PICTURE, "description": "a\0 cat"}, {"type": "text", "text": "What?"}],
    }
    chat = ChatRequest.model_validate({"messages": [message]})
    assert wire.has_pictures(chat)
    assert wire.chat_request(chat, request_id="r", sees=False)["messages"] == [
        {"role": "user", "content": "[Picture: a cat]\nWhat?"}
    ]
    assert wire.chat_request(chat, request_id="r")["messages"][0]["content"][0]["type"] == "image_url"


def test_a_picture_that_nobody_described_is_refused():
    chat = ChatRequest.model_validate({"messages": [{"role": "user", "content": [PICTURE]}]})
    with pytest.raises(LLMError) as caught:
        wire.chat_request(chat, request_id="r", sees=False)
    assert errors.from_llm_error(caught.value)["code"] == "unsupported"
    assert not wire.has_pictures(ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]}))


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [
        ({"prompt_tokens": "twelve", "completion_tokens": "3", "total_tokens": "many"}, (0, 0, 0)),
        ({"prompt_tokens": 12.0, "completion_tokens": True, "prompt_tokens_details": "none"}, (12, 0, 12)),
        ({"prompt_tokens": -1, "completion_tokens": [3]}, (0, 0, 0)),
        (
            {"prompt_tokens": 2, "completion_tokens": 3, "ttft_ms": "fast", "total_tokens": float("inf")},
            (2, 3, 5),
        ),
        ("a lot", None),
    ],
)
def test_a_bill_in_words_costs_nobody_the_answer(usage: object, wanted: tuple[int, int, int] | None):
    chunks = wire.ChunkAccumulator()
    chunks.add({"choices": [{"index": 0, "delta": {"content": "Whole."}, "finish_reason": "stop"}]})
    chunks.add({"choices": [], "usage": usage})
    response = chunks.response(provider="p")
    assert response.content == [TextBlock(text="Whole.")]
    told = response.usage
    assert (told and (told.input_tokens, told.output_tokens, told.total_tokens)) == wanted


def test_a_second_choice_that_nobody_asked_for_is_no_part_of_the_answer():
    chunks = wire.ChunkAccumulator()
    for text, index in (("One", 0), ("Two", 1), (" answer", "0"), (" others", 1)):
        chunks.add({"choices": [{"index": index, "delta": {"content": text}, "finish_reason": None}]})
    chunks.add({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]})
    chunks.add({"choices": [{"index": 1, "delta": {}, "finish_reason": "stop"}]})
    assert chunks.text == "One answer"
    assert chunks.response(provider="p").finish_reason == "length"
    whole = {
        "choices": [
            {"index": 1, "message": {"content": "Two others"}},
            {"index": 0, "message": {"content": "One answer"}},
        ]
    }
    assert _response(whole, provider="p").content == [TextBlock(text="One answer")]
