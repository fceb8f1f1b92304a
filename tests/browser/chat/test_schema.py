"""`chat.send(text, {schema})` with a real engine: the object is valid, and comes in parts before."""

from __future__ import annotations

import json
from typing import Any

import fastjsonschema
from playwright.sync_api import Page

SCENE = {
    "type": "object",
    "properties": {
        "colour": {"enum": ["red", "green", "blue"]},
        "title": {"type": "string", "minLength": 1, "maxLength": 20},
        "animals": {"type": "array", "items": {"$ref": "#/$defs/animal"}, "minItems": 1, "maxItems": 2},
        "when": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1900, "maximum": 2100}]},
        "calm": {"type": "boolean"},
    },
    "required": ["colour", "title", "animals", "when", "calm"],
    "additionalProperties": False,
    "$defs": {
        "animal": {
            "type": "object",
            "properties": {
                "name": {"enum": ["dog", "cat", "owl"]},
                "legs": {"type": "integer", "minimum": 0},
            },
            "required": ["name", "legs"],
            "additionalProperties": False,
        }
    },
}
QUESTION = "A red picture of a calm dog."

SEND = """async ([text, options]) => {
  const events = [];
  try {
    for await (const event of chat.send(text, options)) events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error: { code: error.code, message: error.message } };
  }
}"""


def send(page: Page, schema: object, text: str = QUESTION) -> dict[str, Any]:
    page.evaluate("async () => { window.chat = await alcove.openSession({}); }")
    return page.evaluate(SEND, [text, {"schema": schema}])


def test_the_answer_is_an_object_of_the_schema(shared: Page) -> None:
    result = send(shared, SCENE)
    assert result["error"] is None
    end = result["events"][-1]
    assert end["type"] == "end"
    fastjsonschema.validate(SCENE, end["object"])
    partials = [event["partial"] for event in result["events"] if event["type"] == "object"]
    assert len(partials) > 2
    assert partials[-1] == end["object"]
    assert not any(event["type"] == "text" for event in result["events"])
    # The transcript has it as the text that it is.
    history = shared.evaluate("chat.history()")
    assert [message["role"] for message in history] == ["user", "assistant"]
    assert history[0]["content"] == QUESTION
    assert json.loads(history[1]["content"]) == end["object"]


def test_what_is_no_schema_is_refused(shared: Page) -> None:
    result = send(shared, {"type": "banana"})
    assert result["error"]["code"] == "bad-request"
    assert "Unknown type" in result["error"]["message"]
    assert result["events"] == []
    assert shared.evaluate("chat.history()") == []
