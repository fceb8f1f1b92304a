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


DEEP = {
    "type": "object",
    "$defs": {
        "node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "v": {"type": "integer"}}}
    },
    "properties": {
        "mail": {"type": "string", "pattern": "^(?!x).+@.+$"},
        "size": {"type": "number", "minimum": 0, "maximum": 9},
        "either": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "node": {"$ref": "#/$defs/node"},
        "list": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
    },
}


@pytest.mark.parametrize(
    "value",
    [
        {"mail": "a@b", "size": 9, "either": None},
        {"node": {"next": {"next": {"v": 1}}}},
        {"list": ["abc", ""], "more": 1},
    ],
)
def test_what_no_grammar_holds_is_checked(value):
    assert problem_with(value, DEEP) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"mail": "x@b"}, "arguments.mail must match pattern"),
        ({"size": 10}, "arguments.size must be smaller than or equal to 9"),
        ({"either": "a"}, "arguments.either"),
        ({"node": {"next": {"v": "1"}}}, "arguments.node.next.v must be integer"),
        ({"list": ["a", "b", "c"]}, "arguments.list must contain less than or equal to 2 items"),
        ({"list": ["abcd"]}, "arguments.list[0] must be shorter"),
    ],
)
def test_what_no_grammar_holds_and_does_not_fit(value, words):
    assert words in (problem_with(value, DEEP) or "")


@pytest.mark.parametrize(
    "schema",
    [
        *({"$ref": "#/$defs/none"}, {"$ref": "https://example.org/s"}, {"pattern": "["}, {"not": 1}),
        *({"required": True}, {"properties": ["a"]}, {"properties": {"a": {"enum": 1}}}, {"type": {}}),
        {"patternProperties": {"^a": {}}, "additionalProperties": False},
    ],
)
def test_a_schema_that_cannot_be_used_constrains_nothing(schema):
    assert problem_with({"a": 1}, schema) is None
