"""Rich tool results: the normaliser and what events get to see."""

import json
from typing import Any

from amplifier_core import ToolResult
from amplifier_core._engine import _normalize_tool_result_content, _tool_result_safe_hook_presentation
from tracing import Trace

_TEXT = {"type": "text", "text": "hi"}


def _image(**more: Any) -> dict[str, Any]:
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo=", **more},
    }


async def _normalized(t: Trace, content: Any) -> None:
    def run() -> Any:
        result = _normalize_tool_result_content(json.dumps(content))
        return None if result is None else json.loads(result)

    await t.attempt(json.dumps(content)[:200], run)


async def texts(t: Trace) -> None:
    for content in (
        None,
        [],
        {},
        3,
        "s",
        [None],
        [_TEXT],
        [_TEXT, _TEXT],
        [{"type": "text"}],
        [{"text": "x"}],
        [{"type": "text", "text": 3}],
        [{"type": "text", "text": ""}],
        [{**_TEXT, "visibility": "zap", "extra": 1}],
        [{"type": "thinking", "thinking": "x"}],
        [{"type": "tool_result", "tool_call_id": "1", "output": "x"}],
        [{"type": "Text", "text": "x"}],
        [_TEXT, {"type": "zap"}],
        [[_TEXT]],
    ):
        await _normalized(t, content)


async def images(t: Trace) -> None:
    for block in (
        _image(),
        {**_image(), "extra": 1, "visibility": "user"},
        _image(extra=1, url="x"),
        _image(type="url"),
        _image(type=None),
        {"type": "image"},
        {"type": "image", "source": None},
        {"type": "image", "source": "x"},
        {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
        {"type": "image", "source": {"media_type": "image/png", "data": "AAAA"}},
    ):
        await _normalized(t, [_TEXT, block])


async def media_types(t: Trace) -> None:
    kinds = ["jpeg", "gif", "webp", "svg+xml", "PNG", "a.b-c_d+e", "9", "a!#$&^"]
    odd = [
        "IMAGE/PNG",
        "text/plain",
        "",
        None,
        "image/",
        "image/x y",
        "image/a;b",
        "image/a/b",
        "image/é",
        "image/+",
    ]
    for media_type in [*(f"image/{kind}" for kind in kinds), *odd, "image/png ", " image/png", "image/*", 3]:
        await _normalized(t, [_image(media_type=media_type)])


async def base64_data(t: Trace) -> None:
    for data in (
        "",
        "!!!",
        "aGk",
        "aGk=",
        "aGk=\n",
        " aGk=",
        "a-_=",
        "aGl=",
        "AAAA",
        "AAAAAA==",
        "AAAAAB==",
        "====",
        None,
        "AA=A",
        "AAAA====",
    ):
        await _normalized(t, [_image(data=data)])


async def texts_that_are_no_json(t: Trace) -> None:
    for text in (
        "zz",
        "NaN",
        "",
        "[",
        '[{"type":"text","text":"\\ud800"}]',
        '[{"type":"text","text":"a","text":"b"}]',
    ):
        await t.attempt(text, lambda text=text: _normalize_tool_result_content(text))
        await t.attempt(f"present {text}", lambda text=text: _tool_result_safe_hook_presentation(text))
    await t.attempt("number", lambda: _normalize_tool_result_content(3))  # type: ignore[arg-type]
    await t.attempt(
        "escapes", lambda: _normalize_tool_result_content('[{"type":"text","text":"\\u00e9\\u0001/\\"\\n"}]')
    )


async def presentation(t: Trace) -> None:
    base: dict[str, Any] = {"success": True, "output": "o", "error": None, "content": None}
    for change in (
        {},
        {"content": [_TEXT]},
        {"content": [_image(), _TEXT, _image(media_type="image/jpeg")]},
        {"content": []},
        {"content": [{"type": "zap"}]},
        {"content": [_image(data="!!!")]},
        {"output": {"b": _image(), "a": [1.0, None]}},
        {"output": None},
        {"success": False, "error": {"message": "m", "z": 1, "a": 2}},
        {"error": {}},
        {"error": "text"},
        {"error": [1]},
        {"success": "x"},
        {"success": None},
        {"extra": 1},
    ):
        text = json.dumps({**base, **change})
        await t.attempt(json.dumps(change)[:150], lambda text=text: _tool_result_safe_hook_presentation(text))
    for value in ({}, {"output": "x"}, 3, None, "x"):
        await t.attempt(
            repr(value), lambda value=value: _tool_result_safe_hook_presentation(json.dumps(value))
        )


async def models(t: Trace) -> None:
    make: Any = ToolResult
    for content in ([_image()], [_TEXT], [], None, [{"type": "zap"}], [_TEXT, _image()]):
        result = await t.attempt(
            f"make {str(content)[:60]}", lambda content=content: make(content=content, output={"a": 1})
        )
        if result is not None:
            t.add("dump", result.model_dump())
            t.add("shown", result.safe_hook_presentation())
