"""The check of tool arguments."""

import pytest

from py_app.loop.arguments import problem_with

SCHEMA = {
    "type": "object",
    "properties": {
        "n": {"type": "integer"},
        "kind": {"enum": ["a", "b"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "deep": {"type": "object", "properties": {"x": {"type": ["number", "null"]}}, "required": ["x"]},
    },
    "required": ["n"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "value", [{"n": 1}, {"n": 2.0}, {"n": 1, "kind": "a", "tags": ["x"], "deep": {"x": None}}]
)
def test_good(value):
    assert problem_with(value, SCHEMA) is None
    assert problem_with(value, {}) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, 'arguments lacks "n"'),
        ({"n": "1"}, "arguments.n must be of type integer"),
        ({"n": True}, "arguments.n must be of type integer"),
        ({"n": 1.5}, "arguments.n must be of type integer"),
        ({"n": 1, "kind": "c"}, "arguments.kind must be one of"),
        ({"n": 1, "tags": ["x", 2]}, "arguments.tags[1] must be of type string"),
        ({"n": 1, "deep": {}}, 'arguments.deep lacks "x"'),
        ({"n": 1, "deep": {"x": "y"}}, "number or null"),
        ({"n": 1, "other": 1}, 'no "other"'),
        ([], "must be of type object"),
    ],
)
def test_bad(value, words):
    assert words in (problem_with(value, SCHEMA) or "")
