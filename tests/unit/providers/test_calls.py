"""Calls in a model's text: every spelling, cut into pieces in every way, and what only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.calls.reader import CallReader

TOOLS: dict[str, Any] = {
    "get_weather": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    },
    "add": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}},
    "now": {"type": "object", "properties": {}},
    "write_file": {"properties": {"path": {"type": "string"}, "content": {"type": "string"}}},
}
PARIS = ("get_weather", {"city": "Paris"})
ADD = ("add", {"a": 1, "b": 2})
LONG = "All the words of a letter. " * 50

# What a model writes, the calls in it, and the text beside them.
SPELLED: dict[str, tuple[str, list[Any], str]] = {
    "tag": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
        [PARIS],
        "",
    ),
    "tag with text": (
        'I look.\n<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>\nDone.',
        [PARIS],
        "I look.\n\nDone.",
    ),
    "tag without its end": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}',
        [PARIS],
        "",
    ),
    "tag as its own end": (
        '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}<tool_call>',
        [PARIS],
        "",
    ),
    "tag twice": (
        '<tool_call>{"name":"add","arguments":{"a":1,"b":2}}</tool_call>\n'
        '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>',
        [ADD, PARIS],
        "",
    ),
    "tag, a bracket missing": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}\n</tool_call>',
        [PARIS],
        "",
    ),
    "tag, a bracket too many": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}}\n</tool_call>',
        [PARIS],
        "",
    ),
    "tag around a list": (
        '<tool_call>[{"name":"add","arguments":{"a":1,"b":2}},{"name":"now","arguments":{}}]</tool_call>',
        [ADD, ("now", {})],
        "",
    ),
    "tag around a fence": (
        '<tool_call>\n```json\n{"name":"add","arguments":{"a":1,"b":2}}\n```\n</tool_call>',
        [ADD],
        "",
    ),
    "tools": ('<tools>{"name": "get_weather", "arguments": {"city": "Paris"}}</tools>', [PARIS], ""),
    "function_call": (
        '<function_call> {"name": "get_weather", "arguments": {"city": "Paris"}} </function_call>',
        [PARIS],
        "",
    ),
    "function=": ('<function=get_weather>{"city": "Paris"}</function>', [PARIS], ""),
    "function= twice": (
        '<function=add>{"a": 1, "b": 2}</function><function=now>{}</function>',
        [ADD, ("now", {})],
        "",
    ),
    "Qwen's XML": (
        "<tool_call>\n<function=write_file>\n<parameter=path>\na.txt\n</parameter>\n"
        "<parameter=content>\n<b>1</b>\n2\n</parameter>\n</function>\n</tool_call>",
        [("write_file", {"path": "a.txt", "content": "<b>1</b>\n2"})],
        "",
    ),
    "invoke": (
        '<invoke name="add"><parameter name="a">1</parameter><parameter name="b">2</parameter></invoke>',
        [ADD],
        "",
    ),
    "fence": ('```json\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n```', [PARIS], ""),
    "fence between texts": (
        'So:\n\n```json\n{\n  "name": "get_weather",\n  "arguments": {"city": "Paris"}\n}\n```\nI wait.',
        [PARIS],
        "So:\n\n\nI wait.",
    ),
    "fence without its end": ('```json\n{"name":"add","arguments":{"a":1,"b":2}}', [ADD], ""),
    "fence, tool_call": ('```tool_call\n{"name":"add","arguments":{"a":1,"b":2}}\n```', [ADD], ""),
    "fence without a kind": ('```\n{"name":"add","arguments":{"a":1,"b":2}}\n```', [ADD], ""),
    "fence around two": (
        '```json\n{"name":"add","arguments":{"a":1,"b":2}}\n{"name":"now","arguments":{}}\n```',
        [ADD, ("now", {})],
        "",
    ),
    "fence around tags": (
        '```xml\n<tool_call>{"name":"add","arguments":{"a":1,"b":2}}</tool_call>\n'
        '<tool_call>{"name":"now","arguments":{}}</tool_call>\n```',
        [ADD, ("now", {})],
        "",
    ),
    "tool_code": ('```tool_code\nget_weather(city="Paris")\n```', [PARIS], ""),
    "fence, in capitals": ('```JSON\n{"name":"now","arguments":{}}\n```', [("now", {})], ""),
    "fence, python": ('```python\nget_weather(city="Paris")\n```', [PARIS], ""),
    "a name in the tag": ('<tool_call name="get_weather">{"city": "Paris"}</tool_call>', [PARIS], ""),
    "bare": ('{"name": "get_weather", "arguments": {"city": "Paris"}}', [PARIS], ""),
    "bare in a sentence": (
        'I call {"name": "get_weather", "arguments": {"city": "Paris"}}.',
        [PARIS],
        "I call .",
    ),
    "tool, input": ('{"tool": "get_weather", "input": {"city": "Paris"}}', [PARIS], ""),
    "function, parameters": ('{"function": "get_weather", "parameters": {"city": "Paris"}}', [PARIS], ""),
    "OpenAI's": (
        '{"type": "function", "function": {"name": "add", "arguments": "{\\"a\\": 1, \\"b\\": 2}"}}',
        [ADD],
        "",
    ),
    "OpenAI's list": (
        '{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "now", "arguments": "{}"}}]}',
        [("now", {})],
        "",
    ),
    "arguments first": ('{"arguments": {"city": "Paris"}, "name": "get_weather"}', [PARIS], ""),
    "arguments beside the name": ('{"name": "get_weather", "city": "Paris"}', [PARIS], ""),
    "name as the key": ('{"get_weather": {"city": "Paris"}}', [PARIS], ""),
    "no arguments": ('{"name": "now"}', [("now", {})], ""),
    "a list": (
        '[{"name":"add","arguments":{"a":1,"b":2}}, {"name":"get_weather","arguments":{"city":"Paris"}}]',
        [ADD, PARIS],
        "",
    ),
    "Python's dict": ("{'name': 'get_weather', 'arguments': {'city': 'Paris',}}", [PARIS], ""),
    "brackets and quotes in a text": (
        '{"name": "write_file", "arguments": {"path": "a", "content": "}\\"}]\\n</tool_call>"}}',
        [("write_file", {"path": "a", "content": '}"}]\n</tool_call>'})],
        "",
    ),
    "a line break in a text": (
        '{"name": "write_file", "arguments": {"path": "a", "content": "1\n2"}}',
        [("write_file", {"path": "a", "content": "1\n2"})],
        "",
    ),
    "a long text": (
        f'{{"name": "write_file", "arguments": {{"path": "a", "content": "{LONG}"}}}}\nDone.',
        [("write_file", {"path": "a", "content": LONG})],
        "Done.",
    ),
    "large numbers": (
        '{"name": "add", "arguments": {"a": 9007199254740993, "b": 12345678901234567890}}',
        [("add", {"a": 9007199254740993, "b": 12345678901234567890})],
        "",
    ),
    "Python": ('get_weather(city="Paris")', [PARIS], ""),
    "Python by place": ('get_weather("Paris", 3)', [("get_weather", {"city": "Paris", "days": 3})], ""),
    "Python in lines": ("add(a=1, b=2)\nnow()\nDone.", [ADD, ("now", {})], "Done."),
    "Python's list": ('[add(a=1, b=2), get_weather(city="Paris")]', [ADD, PARIS], ""),
    "Mistral's list": ('[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Paris"}}]', [PARIS], ""),
    "Mistral's": (
        '[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]add[CALL_ID]x1[ARGS]{"a": 1, "b": 2}',
        [PARIS, ADD],
        "",
    ),
    "Mistral's, short": ('[TOOL_CALLS]get_weather{"city": "Paris"}', [PARIS], ""),
    "Llama's": ('<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris"}}', [PARIS], ""),
    "Llama's, two": (
        '<|python_tag|>{"name":"add","parameters":{"a":1,"b":2}}; {"name":"now","parameters":{}}',
        [ADD, ("now", {})],
        "",
    ),
    "Llama's Python": ('<|python_tag|>get_weather.call(city="Paris")', [PARIS], ""),
    "Functionary's": ('>>>get_weather\n{"city": "Paris"}', [PARIS], ""),
    "Functionary's, after text": ('>>>all\nI look.\n>>>get_weather\n{"city": "Paris"}', [PARIS], "I look."),
    "a name and an object": ('get_weather\n{"city": "Paris"}', [PARIS], ""),
    "ReAct": ('Action: get_weather\nAction Input: {"city": "Paris"}', [PARIS], ""),
    "Harmony": (
        "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>"
        '{"city": "Paris"}<|call|>',
        [PARIS],
        "",
    ),
    "Harmony, begun by its role": (
        '<|start|>assistant to=functions.add<|channel|>commentary json<|message|>{"a": 1, "b": 2}<|call|>',
        [ADD],
        "",
    ),
}

ONLY_TEXT = [
    "",
    "Hello.\n\nHow are you?  \n",
    '{"name": "Bob", "arguments": {"city": "Paris"}}',
    '{"name": "get_weathers", "arguments": {}}',
    '```json\n{"name": "Bob", "age": 3}\n```\nThat is JSON.\n',
    '```json\n{"people": [{"name": "get_weather"}]}\n```',
    '<tool_call>{"name": "unknown", "arguments": {}}</tool_call>',
    "<tool_call> is a tag.",
    '{"name": "now", "description": "The time.", "parameters": {"type": "object", "properties": {}}}',
    '{"name": "get_weather", "arguments": {"city": "Par',
    '{"name": "get_weather", "arguments": [1, 2',
    "```python\nprint(get_weather)\n```",
    '```python\ndef f():\n    return {"name": "now", "arguments": {}}\n```\n',
    '```python\nget_weather(city="Paris")\nprint("So it is called.")\n```\n',
    "Use `get_weather(city)` for it.",
    'It is spelled `{"name": "now", "arguments": {}}` here.',
    'get_weather(city="Paris") is how one calls it.',
    "get_weather(city)",
    "get_weather is a tool.",
    "[get_weather](https://example.org) and [1, 2, 3]",
    "a < b, c > d, {x}, [y], `z`, <table><tr></tr></table>",
    "[TOOL_CALLS] is a mark.",
    "[TOOL_CALLS]unknown[ARGS]{}",
    ">>> print(1)\n1",
    ">>>unknown\n{}",
    "<|channel|>final<|message|>Hello.",
    "<|python_tag|>print(1)",
    "<function=unknown>{}</function>",
    "Action: wait\nAction Input: {}",
    "{" * 3000,
    "[" * 20000,
    '{"name": "now", "arguments": ' + "[" * 3000,
    "\u2028{\U0001f600}",
]


def read(pieces: list[str], *, cut: bool = False) -> tuple[str, list[Any]]:
    reader = CallReader(TOOLS)
    said = [reader.take(piece) for piece in pieces]
    said.append(reader.end(cut=cut))
    return "".join(said), [(call.name, json.loads(call.arguments)) for call in reader.calls]


@pytest.mark.parametrize("name", SPELLED)
def test_every_spelling_in_every_cut(name: str):
    written, calls, text = SPELLED[name]
    assert read([written]) == (text, calls)
    for at in range(1, len(written), max(1, len(written) // 400)):
        assert read([written[:at], written[at:]]) == (text, calls), at
    assert read(list(written)) == (text, calls)


@pytest.mark.parametrize("written", ONLY_TEXT, ids=lambda text: ascii(text[:30]))
def test_what_only_looks_like_a_call_is_given_back_in_every_cut(written: str):
    assert read([written]) == (written, [])
    for at in range(1, min(len(written), 150), max(1, len(written) // 300)):
        assert read([written[:at], written[at:]]) == (written, []), at
    if len(written) < 1000:
        assert read(list(written)) == (written, [])


@pytest.mark.parametrize("name", SPELLED)
def test_nothing_of_a_call_is_ever_shown(name: str):
    written, _, text = SPELLED[name]
    reader = CallReader(TOOLS)
    shown = ""
    for character in written:
        shown += reader.take(character)
        assert text.startswith(shown), shown
    assert text.startswith(shown + reader.end())
