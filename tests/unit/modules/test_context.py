"""What a request gets of a conversation that may not fit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.llm_errors import ContextLengthError
from amplifier_core.models import HookResult, ModelInfo
from amplifier_core.testing import MockCoordinator
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.errors import from_llm_error
from py_app.context.sequence import INTERRUPTED, call_ids, groups, repair
from py_app.context.tokens import Size, TokenScale, size_of
from py_app.context.window import NOT_ALL_READ, ContextWindow


def window(**config: Any) -> ContextWindow:
    coordinator = MockCoordinator()
    context = ContextWindow(coordinator, config)
    context.register(coordinator.hooks)
    return context


def step(index: int, size: int, results: int) -> list[dict[str, Any]]:
    """An assistant message with tool calls, and their results."""
    calls = [{"id": f"{index}.{i}", "name": "f", "arguments": {}} for i in range(results)]
    return [
        {"role": "assistant", "content": "x" * size, "tool_calls": calls},
        *({"role": "tool", "tool_call_id": c["id"], "content": "y" * size} for c in calls),
    ]


@st.composite
def conversations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Turns with tool steps; the last one may still be running."""
    messages: list[dict[str, Any]] = []
    messages += [
        {"role": "system", "content": "s" * draw(st.integers(0, 80))} for _ in range(draw(st.integers(0, 2)))
    ]
    for turn in range(draw(st.integers(1, 6))):
        messages.append({"role": "user", "content": "u" * draw(st.integers(0, 400))})
        for i in range(draw(st.integers(0, 3))):
            messages += step(100 * turn + i, draw(st.integers(0, 400)), draw(st.integers(1, 2)))
        if draw(st.booleans()):
            messages.append({"role": "assistant", "content": "a" * draw(st.integers(0, 400))})
    return messages


def is_subsequence(part: list[Any], whole: list[Any]) -> bool:
    left = iter(whole)
    return all(any(item is other for other in left) for item in part)


async def requested(context: ContextWindow):
    """The messages for a request, or the error."""
    try:
        return await context.get_messages_for_request(), None
    except ContextLengthError as error:
        return [], error


@settings(max_examples=200, deadline=None)
@given(messages=conversations(), size=st.integers(120, 1500))
async def test_compaction(messages, size):
    context = window(context_window=size, max_output_tokens=size // 4, system="Be good.")
    for message in messages:
        await context.add_message(message)
    request, error = await requested(context)
    if error is not None:
        assert from_llm_error(error)["code"] == "context-overflow"
        # Only what must be kept was too much: the newest step may have to stay with what it answers.
        last = max(i for i, m in enumerate(messages) if m["role"] == "user")
        kept = [m for m in messages if m["role"] == "system"] + messages[last:]
        assert sum(size_of(m).text for m in kept) + 20 > size * 3 // 4 - 16
        return
    assert request[0] == {"role": "system", "content": "Be good."}
    assert is_subsequence(request[1:], messages)
    assert sum(size_of(m).text for m in request) <= size * 3 // 4 - 16 + 1
    # System messages at the start, the last user message and everything the running turn needs are there.
    assert [m for m in messages if m["role"] == "system"] == request[1:][: _systems(messages)]
    assert any(m is _last_user(messages) for m in request)
    # Calls and results come together.
    called = [call for m in request for call in call_ids(m)]
    answered = [m["tool_call_id"] for m in request if m["role"] == "tool"]
    assert called == answered
    # What is sent starts with a user message, as chat templates want.
    assert next(m for m in request if m["role"] != "system")["role"] == "user"
    # Nothing is lost.
    assert await context.get_messages() == messages


def _systems(messages):
    return sum(m["role"] == "system" for m in messages)


def _last_user(messages):
    return [m for m in messages if m["role"] == "user"][-1]


@given(messages=conversations())
def test_groups_cut_without_loss(messages):
    pieces = groups(messages)
    assert [i for piece in pieces for i in piece] == list(range(len(messages)))


@given(messages=conversations(), cut=st.integers(0, 40), drop=st.integers(0, 40))
def test_repair_completes_every_call(messages, cut, drop):
    broken = messages[:cut]
    del broken[drop : drop + 1]
    fixed = repair(broken)
    open_calls: list[str] = []
    for message in fixed:
        if message["role"] == "tool":
            open_calls.remove(message["tool_call_id"])
        else:
            assert not open_calls
        open_calls += call_ids(message)
    assert not open_calls
    assert repair(fixed) == fixed
    assert repair(messages) == messages


async def test_the_start_of_the_prompt_stays_the_same_between_compactions():
    context = window(context_window=1000, max_output_tokens=100)
    firsts = []
    for i in range(40):
        await context.add_message({"role": "user", "content": f"{i} " + "u" * 200})
        request = await context.get_messages_for_request()
        firsts.append(request[0]["content"])
        await context.add_message({"role": "assistant", "content": "a" * 200})
    assert len(set(firsts)) < 12  # leaving out only what must go would change it almost every turn


async def test_the_running_turn_loses_its_oldest_steps_only():
    context = window(context_window=800, max_output_tokens=100)
    await context.add_message({"role": "user", "content": "go"})
    for i in range(8):
        for message in step(i, 300, 1):
            await context.add_message(message)
    request = await context.get_messages_for_request()
    assert request[0]["content"] == "go"
    assert request[-1]["tool_call_id"] == "7.0"
    assert 3 < len(request) < 17


async def test_resume_repairs():
    context = window()
    await context.set_messages([{"role": "user", "content": "u"}, *step(0, 5, 2)[:2]])
    assert (await context.get_messages())[-1] == {
        "role": "tool",
        "tool_call_id": "0.1",
        "content": INTERRUPTED,
    }


async def test_the_window_is_asked_of_the_provider():
    class Provider:
        def __init__(self, window: int, defaults: dict[str, Any]):
            self.window, self.defaults = window, defaults

        def get_info(self):
            return SimpleNamespace(defaults=self.defaults)

        async def list_models(self):
            models = [("other", 9), ("mine", self.window)] if self.window else []
            return [SimpleNamespace(id=i, context_window=w, max_output_tokens=w // 4) for i, w in models]

    context = window()
    await context.add_message({"role": "user", "content": "u" * 4000})
    assert await context.get_messages_for_request(provider=Provider(4000, {"model": "mine"}))
    assert await context.get_messages_for_request(provider=Provider(0, {}))
    with pytest.raises(ContextLengthError):
        await context.get_messages_for_request(provider=Provider(1000, {"model": "mine"}))
    with pytest.raises(ContextLengthError):
        await context.get_messages_for_request(provider=Provider(0, {"context_window": 500}))
    with pytest.raises(ContextLengthError):
        await context.get_messages_for_request(token_budget=100)


def test_the_scale_learns_and_stays_sane():
    scale = TokenScale()
    for _ in range(20):
        scale.learn(Size(1000), 1800)
    assert 1.79 < scale.value < 1.81
    scale.learn(Size(20), 100)
    assert scale.value < 1.81
    scale.learn(Size(1000), 10**9)
    assert scale.value <= 4
    scale.overflowed(Size(1000), 2000)
    assert scale.value >= 2.5


class Seeing:
    """A provider whose model sees, or does not."""

    def __init__(self, sees: bool, window: int = 1000):
        self.model = ModelInfo(
            id="m",
            display_name="M",
            context_window=window,
            max_output_tokens=window // 4,
            capabilities=["vision"] if sees else [],
        )

    def get_info(self):
        return SimpleNamespace(defaults={"model": "m"})

    async def list_models(self):
        return [self.model]


def picture(turn: int, description: str = "d" * 400) -> dict[str, Any]:
    block = {"type": "image", "source": {"type": "base64", "data": "QUJD"}, "description": description}
    return {"role": "user", "content": [block, {"type": "text", "text": f"turn {turn}"}]}


async def test_old_pictures_are_left_out_whole_with_their_turns():
    context = window()
    for turn in range(20):
        await context.add_message(picture(turn))
        await context.add_message({"role": "assistant", "content": "a" * 40})
    request = await context.get_messages_for_request(provider=Seeing(True))
    assert 2 <= len(request) < 40
    assert request == (await context.get_messages())[-len(request) :]
    assert all(len(m["content"]) == 2 for m in request if m["role"] == "user")


async def test_a_picture_costs_what_the_model_reads_of_it():
    context = window()
    for turn in range(6):
        await context.add_message(picture(turn))
        await context.add_message({"role": "assistant", "content": "a" * 40})
    seeing = await context.get_messages_for_request(provider=Seeing(True))
    context.register(context._coordinator.hooks)
    fresh = window()
    await fresh.set_messages(await context.get_messages())
    reading = await fresh.get_messages_for_request(provider=Seeing(False))
    assert len(reading) != len(seeing)
    # One that takes more reads all of it again.
    assert len(await fresh.get_messages_for_request(provider=Seeing(False, 10_000))) == 12
    # The same conversation, asked of the other model, is measured anew.
    again = window()
    await again.set_messages(await context.get_messages())
    await again.get_messages_for_request(provider=Seeing(True, 10_000))
    assert again._sizes[0].pictures == 1
    await again.get_messages_for_request(provider=Seeing(False, 10_000))
    assert again._sizes[0] == size_of(picture(0), sees=False)
    assert again._sizes[0].text > 100


def test_the_scale_learns_what_a_picture_is():
    scale = TokenScale()
    assert scale.tokens(Size(0, 1), 8000) == 300
    assert scale.tokens(Size(0, 1), 400) == 50
    scale.learn(Size(1000, 2), 1128 + 400)
    assert scale.value == 1  # without the engine's own count nobody knows which was wrong
    scale.learn(Size(1000, 2), 1000 + 128, 128)
    assert (scale.value, scale.tokens(Size(0, 3), 8000)) == (1, 192)
    refused = TokenScale()
    refused.overflowed(Size(10, 1), 400)
    assert refused.tokens(Size(0, 1), 400) == 100
    assert refused.value == 1


async def test_what_is_not_read_is_told_and_read_again_where_more_fits():
    context, told = window(context_window=8000), []

    async def hear(event: str, data: dict[str, Any]) -> HookResult:
        told.append(data)
        return HookResult()

    context._coordinator.hooks.register(NOT_ALL_READ, hear)
    asked = [{"role": "user", "content": str(turn) * 800} for turn in range(8)]
    for message in asked:
        await context.add_message(message)
        await context.add_message({"role": "assistant", "content": "yes"})
    everything = await context.get_messages()
    small = await context.get_messages_for_request(token_budget=1000)
    assert 0 < len(small) < len(everything)
    assert everything[told[-1]["from"] :] == small
    assert told[-1]["shortened"] == 0
    # The same until it is too long again: an engine has its beginning.
    assert await context.get_messages_for_request(token_budget=1000) == small
    before = len(told)
    assert await context.get_messages_for_request(token_budget=1900) == everything
    assert len(told) == before
    # Back to the small one.
    assert await context.get_messages_for_request(token_budget=1000) == small
    assert await context.get_messages() == everything


async def test_a_result_that_was_cut_is_whole_again_where_more_fits():
    context = window(context_window=100_000)
    call = {"id": "a", "name": "f", "arguments": {}}
    result = {"role": "tool", "tool_call_id": "a", "content": "y" * 20_000}
    for message in (
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        result,
    ):
        await context.add_message(message)
    assert len((await context.get_messages_for_request(token_budget=800))[-1]["content"]) < 4000
    assert (await context.get_messages_for_request(token_budget=8000))[-1] is result
