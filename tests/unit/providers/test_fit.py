"""Arguments are made to fit where the schema leaves no doubt, and left alone where it does."""

from __future__ import annotations

from typing import Any

import pytest

from providers.calls.fit import fitted

SCHEMA: dict[str, Any] = {
    "type": "object",
    "$defs": {
        "unit": {"enum": ["celsius", "kelvin"]},
        "tree": {
            "type": "object",
            "properties": {"n": {"type": "integer"}, "left": {"$ref": "#/$defs/tree"}},
        },
    },
    "properties": {
        "n": {"type": "integer"},
        "x": {"type": "number"},
        "on": {"type": "boolean"},
        "text": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}},
        "place": {"type": "object", "properties": {"lat": {"type": "number"}}},
        "unit": {"$ref": "#/$defs/unit"},
        "tree": {"$ref": "#/$defs/tree"},
        "either": {"type": ["integer", "null"]},
        "any": {},
    },
    "required": ["text"],
}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"n": "3"}, {"n": 3}),
        ({"n": "-3.0"}, {"n": -3}),
        ({"n": "12345678901234567890"}, {"n": 12345678901234567890}),
        ({"n": "three"}, {"n": "three"}),
        ({"n": "3.5"}, {"n": "3.5"}),
        ({"n": 3.5}, {"n": 3.5}),
        ({"x": "2.5"}, {"x": 2.5}),
        ({"x": "1e999"}, {"x": "1e999"}),
        ({"x": "3"}, {"x": 3}),
        ({"on": "True"}, {"on": True}),
        ({"on": "yes"}, {"on": "yes"}),
        ({"text": 3}, {"text": "3"}),
        ({"text": "3"}, {"text": "3"}),
        ({"words": '["a", "b"]'}, {"words": ["a", "b"]}),
        ({"words": "a"}, {"words": ["a"]}),
        ({"words": [1, "b"]}, {"words": ["1", "b"]}),
        ({"place": '{"lat": "1.5"}'}, {"place": {"lat": 1.5}}),
        ({"unit": "Celsius"}, {"unit": "celsius"}),
        ({"unit": "rankine"}, {"unit": "rankine"}),
        ({"tree": {"left": {"left": {"n": "1", "more": 2}}}}, {"tree": {"left": {"left": {"n": 1}}}}),
        ({"either": "none"}, {"either": None}),
        ({"n": None}, {}),
        ({"text": None}, {"text": None}),
        ({"more": 1, "any": {"a": "1"}}, {"any": {"a": "1"}}),
    ],
)
def test_what_is_meant(given: dict[str, Any], meant: dict[str, Any]):
    assert fitted(given, SCHEMA) == meant
    assert fitted(meant, SCHEMA) == meant


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"properties": {"n": {"type": "integer"}}, "additionalProperties": True},
        {"properties": {"n": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
        {"properties": {"n": {}}, "patternProperties": {"^x": {}}},
        {"anyOf": [{"properties": {"more": {}}}], "properties": {"n": {}}},
        {"$ref": "#"},
        {"properties": {"more": {"$ref": "#/$defs/none"}}},
        *({"properties": {"more": {"type": {}, "enum": 3, "items": 1}}}, {"properties": 1}, {"required": 1}),
        {"properties": {"more": {}, "b": 1}, "required": True},
    ],
)
def test_what_a_schema_leaves_open_stays(schema: dict[str, Any]):
    assert fitted({"more": "1"}, schema) == {"more": "1"}


def test_the_given_arguments_are_not_changed():
    given = {"place": {"lat": "1"}}
    fitted(given, SCHEMA)
    assert given == {"place": {"lat": "1"}}
