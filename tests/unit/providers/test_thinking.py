"""Thinking that a model writes into its text, however it is cut."""

from __future__ import annotations

import random

import pytest

from providers import wire


def heard(*pieces: str, field: str = "content") -> list[tuple[str, str]]:
    """The blocks of an answer that comes in `pieces`, which are those that were told on the way."""
    chunks = wire.ChunkAccumulator()
    told: list[list[str]] = []
    for piece in pieces:
        told += _told(told, chunks.add({"choices": [{"index": 0, "delta": {field: piece}}]}))
    _told(told, chunks.end())
    blocks = [
        (block.type, block.thinking if block.type == "thinking" else block.text)
        for block in chunks.response(provider="p").content
    ]
    assert [tuple(one) for one in told if one[1]] == blocks
    assert chunks.text == "".join(text for kind, text in blocks if kind == "text")
    return blocks


def _told(blocks: list[list[str]], pieces: list[wire.Piece]) -> list[list[str]]:
    """What a page makes of the pieces."""
    for piece in pieces:
        if piece.kind == "recast":
            blocks[:] = [["thinking", ("".join(text for _, text in blocks) + piece.text).rstrip()]]
            continue
        kind = "text" if piece.kind == "text" else "thinking"
        if not blocks or blocks[-1][0] != kind:
            blocks.append([kind, ""])
        blocks[-1][1] += piece.text
    return []


T, X = "thinking", "text"
HARMONY = (
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Four.<|return|>"
)
CALL = '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"x": "<|end"}<|call|>'
ANSWERS = {
    "<think>\nlet me see\n</think>\n\nParis.": [(T, "let me see"), (X, "Paris.")],
    "\n\n<think>a</think>b": [(T, "a"), (X, "b")],
    "<think>a < b\n\n and </thin k>": [(T, "a < b\n\n and </thin k>")],
    "<think>\n\n</think>\n\nNo thought.": [(X, "No thought.")],
    "<think>never closed": [(T, "never closed")],
    "implied by\nthe template\n</think>\n\nYes.": [(T, "implied by\nthe template"), (X, "Yes.")],
    "</think>\n\nYes.": [(X, "Yes.")],
    "<think>a</think></think>b": [(T, "a"), (X, "b")],
    "<think>a</think>b\n<think>c</think>\nd": [(T, "a"), (X, "b\n"), (T, "c"), (X, "d")],
    "[THINK]a[/THINK]b": [(T, "a"), (X, "b")],
    "◁think▷a◁/think▷b": [(T, "a"), (X, "b")],
    "<|START_THINKING|>a<|END_THINKING|>b": [(T, "a"), (X, "b")],
    "<|channel>thought\na<channel|>b": [(T, "a"), (X, "b")],
    "Write `<think>` and `</think>` so.": [(X, "Write `<think>` and `</think>` so.")],
    "The tag <think> in a line.": [(X, "The tag <think> in a line.")],
    "```\n<think>\n```\n1 < 2": [(X, "```\n<think>\n```\n1 < 2")],
    "``````\n": [(X, "``````\n")],
    "a <| b <": [(X, "a <| b <")],
    "Use <|start|> for it.": [(X, "Use <|start|> for it.")],
    " \n": [(X, " \n")],
    HARMONY: [(T, "Hm."), (X, "Four.")],
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant" + CALL: [
        (T, "Hm."),
        (X, "<|start|>assistant" + CALL),
    ],
    "<|channel|>commentary<|message|>First.<|end|>" + CALL: [(X, "First." + CALL)],
    "<|channel|>analysis<|message|>cut": [(T, "cut")],
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_thinking_is_told_from_text_however_it_is_cut(answer: str):
    wanted = ANSWERS[answer]
    assert heard(answer) == wanted
    assert heard(*answer) == wanted
    for at in range(1, len(answer)):
        assert heard(answer[:at], answer[at:]) == wanted
    chance = random.Random(7)
    for _ in range(20):
        cuts = sorted(chance.sample(range(len(answer) + 1), min(3, len(answer))))
        assert heard(*(answer[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))) == wanted


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_a_field_of_its_own(field: str):
    assert heard("a ", "<think>", field=field) == [(T, "a <think>")]
    chunks = wire.ChunkAccumulator()
    chunks.add({"choices": [{"delta": {field: "Hm.", "content": "</think>\n\nYes."}}]})
    thought, said = chunks.response(provider="p").content
    assert thought.thinking == "Hm."
    assert (thought.model_extra or {})["field"] == field
    assert said.text == "Yes."


PARTS = [
    {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}], "closed": True},
    {"type": "text", "text": "Par"},
    {"type": "reference", "reference_ids": [1]},
    "is",
]


@pytest.mark.parametrize("place", ["delta", "message"])
def test_content_in_parts(place: str):
    chunks = wire.ChunkAccumulator()
    chunks.add({"choices": [{place: {"content": PARTS}}]})
    if place == "delta":
        chunks.add({"choices": [{"delta": {"content": [{"type": "text", "text": "."}]}}]})
    thought, said = chunks.response(provider="p").content
    assert (thought.thinking, said.text) == ("Hm.", "Paris." if place == "delta" else "Paris")


@pytest.mark.parametrize("place", ["delta", "message"])
def test_a_refusal_is_text(place: str):
    chunks = wire.ChunkAccumulator()
    choice = {place: {"content": None, "refusal": "I cannot help with that."}, "finish_reason": "stop"}
    chunks.add({"choices": [choice]})
    (said,) = chunks.response(provider="p").content
    assert said.text == "I cannot help with that."


def test_tokens_of_what_waited_are_told_with_it():
    chunks = wire.ChunkAccumulator()
    told = [
        piece
        for text in ("a", "<", "|", "x")
        for piece in chunks.add({"tokens": 2, "choices": [{"delta": {"content": text}}]})
    ]
    assert [(piece.text, piece.tokens) for piece in told] == [("a", 2), ("<|x", 6)]


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("end_turn", "stop"),
        ("max_tokens", "length"),
        ("MAX_TOKENS", "length"),
        ("tool_use", "tool_calls"),
        ("content_filter", "content_filter"),
        ("never heard of", "stop"),
        ({"reason": "x"}, "stop"),
        (None, "stop"),
    ],
)
def test_endings(said: object, ending: str):
    chunks = wire.ChunkAccumulator()
    chunks.add({"choices": [{"delta": {"content": "Hi"}, "finish_reason": said}]})
    assert chunks.response(provider="p").finish_reason == ending
