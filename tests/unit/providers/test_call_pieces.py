"""Calls of tools as servers stream them."""

from __future__ import annotations

import pytest

from providers import wire

ONE, TWO = ("one", {"x": 1}), ("two", {"y": 2})


def piece(name: str | None = None, arguments: object = None, **fields: object) -> dict:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {**fields, "function": function}


def called(*deltas: list[dict], tools: tuple[str, ...] = (), field: str = "delta") -> list:
    chunks = wire.ChunkAccumulator({name: {} for name in tools})
    for calls in deltas:
        chunks.add({"choices": [{field: {"tool_calls": calls}}]})
    return chunks.response(provider="p").tool_calls or []


def names(calls: list) -> list[tuple[str, dict]]:
    return [(call.name, call.arguments) for call in calls]


X, Y = '{"x":1}', '{"y":2}'
STREAMS = {
    "an index each": [[piece("one", '{"x"', index=0, id="a")], [piece("two", "", index=1, id="b")],
                      [piece(None, ":1}", index=0)], [piece(None, Y, index=1)]],
    "ids that share an index": [[piece("one", X, index=0, id="a")], [piece("two", Y, index=0, id="b")]],
    "ids that share an index, in pieces": [
        [piece("one", "", index=0, id="a")], [piece(None, '{"x"', index=0)], [piece(None, ":1}", index=0)],
        [piece("two", "", index=0, id="b")], [piece(None, '{"y"', index=0)], [piece(None, ":2}", index=0)],
    ],
    "ids, no index, both at once": [[piece("one", X, id="a"), piece("two", Y, id="b")]],
    "neither index nor ids": [[piece("one", X)], [piece("two", Y)]],
    "neither, in pieces": [[piece("one", '{"x"')], [piece(None, ":1}")],
                           [piece("two", '{"y":')], [piece(None, "2}")]],
    "null, then 0": [[piece("one", X, index=None, id="a")], [piece("two", Y, index=0, id="b")]],
    "0, then null": [[piece("one", X, index=0, id="a")], [piece("two", Y, index=None, id="b")]],
    "no ids, one index": [[piece("one", X, index=0)], [piece("two", Y, index=0)]],
    "equal ids": [[piece("one", X, index=0, id="c")], [piece("two", Y, index=1, id="c")]],
    "equal ids, no index": [[piece("one", X, id="c")], [piece("two", Y, id="c")]],
    "ids between each other": [
        [piece("one", '{"x"', id="a")], [piece("two", '{"y"', id="b")],
        [piece(None, ":1}", id="a")], [piece(None, ":2}", id="b")],
    ],
    "resent names": [[piece("one", '{"x"', index=0, id="a")], [piece("one", ":1}", index=0, id="a")],
                     [piece("two", '{"y"', index=1, id="b")], [piece("two", ":2}", index=1)]],
    "split names": [[piece("o", "", index=0, id="a")], [piece("ne", "", index=0)], [piece(None, X, index=0)],
                    [piece("tw", "", index=1)], [piece("two", "", index=1)], [piece(None, Y, index=1)]],
    "objects": [[piece("one", {"x": 1}, index=0), piece("two", {"y": 2}, index=1)]],
    "a whole call once more": [[piece("one", X, index=0, id="a")], [piece("one", X, index=0, id="a")],
                               [piece("two", Y, index=1, id="b")]],
    "all that there is so far": [[piece("one", '{"x"', index=0, id="a")], [piece(None, X, index=0)],
                                 [piece("two", Y, index=1, id="b")]],
    "the id comes late": [[piece("one", "", index=0)], [piece(None, X, index=0, id="a")],
                          [piece("two", Y, index=1, id="b")]],
    "words for an index": [[piece("one", X, index="first", id="a")], [piece("two", Y, index="2nd", id="b")]],
}  # fmt: skip


@pytest.mark.parametrize("stream", STREAMS)
def test_two_calls(stream: str):
    calls = called(*STREAMS[stream])
    assert names(calls) == [ONE, TWO]
    assert len({call.id for call in calls}) == 2
    assert all(call.id for call in calls)


def test_the_names_of_the_tools_tell_a_piece_from_a_call():
    stream = [[piece("now", "")], [piece("when", "")]]
    assert names(called(*stream, tools=("now", "when"))) == [("now", {}), ("when", {})]
    assert names(called(*stream, tools=("nowwhen",))) == [("nowwhen", {})]


def test_openais_first_form():
    chunks = wire.ChunkAccumulator()
    for part in ({"name": "one"}, {"arguments": '{"x"'}, {"arguments": ":1}"}):
        chunks.add({"choices": [{"delta": {"function_call": part}}]})
    assert names(chunks.response(provider="p").tool_calls or []) == [ONE]


@pytest.mark.parametrize("field", ["delta", "message"])
def test_fields_of_the_servers_own_come_back(field: str):
    given = piece("one", X, index=0, id="a", extra_content={"google": {"thought_signature": "S"}})
    given["function"]["mark"] = 7
    (call,) = called([given], field=field)
    (sent,) = wire.messages_json([_holding(call.model_dump(mode="json"))], sees=True)
    function = {"name": "one", "arguments": '{"x": 1}', "mark": 7}
    wanted = {"id": "a", "type": "function", "extra_content": given["extra_content"], "function": function}
    assert sent["tool_calls"] == [wanted]


def _holding(call: dict):
    from amplifier_core.message_models import Message

    return Message.model_validate({"role": "assistant", "content": "", "tool_calls": [call]})


def test_no_id_is_given_twice():
    taken = {"call_0"}
    ids: list[str] = []
    for given in ("call_0", "", "call_0", "mine"):
        chunks = wire.ChunkAccumulator()
        chunks.add({"choices": [{"delta": {"tool_calls": [piece("f", "{}", index=0, id=given)]}}]})
        ids += [call.id for call in chunks.response(provider="p", taken=taken).tool_calls or []]
    assert ids[-1] == "mine"
    assert len({*ids, "call_0"}) == 5
    assert taken == {*ids, "call_0"}
