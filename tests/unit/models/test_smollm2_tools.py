"""SmolLM2 135M Tools: its data, its adapter, and how that is merged."""

from __future__ import annotations

import random
from pathlib import Path

import fastjsonschema
import numpy as np
import pytest

from build_steps.base import BuildError
from build_steps.models import extra
from build_steps.smollm2_tools.merge import merged, q8_0, weights
from build_steps.speech.gguf import F32, Q8_0, Tensor, gguf
from build_steps.webllm.gguf import GgufFile
from models.smollm2_tools import told
from models.smollm2_tools.held_out import Case, cases
from models.smollm2_tools.library.chains import chain
from models.smollm2_tools.library.crafted import neighbours
from models.smollm2_tools.library.held_out import HELD_OUT
from models.smollm2_tools.library.taught import TAUGHT
from models.smollm2_tools.native import NativeServer
from models.smollm2_tools.samples import Writer
from models.smollm2_tools.supply import Supply, schema_of, shown_as

_FOLDER = Path("models/smollm2_tools").resolve()
_Q4_1 = 3


def test_a_seed_gives_the_same_groups() -> None:
    one, other = Supply(1, 6), Supply(1, 6)
    assert [one.group(number) for number in (3, 9)] == [other.group(number) for number in (3, 9)]
    assert one.group(3) != one.group(4)
    assert one.group(3) != Supply(2, 6).group(3)


@pytest.mark.parametrize("held", [False, True])
def test_every_call_fits_the_schema_of_its_tool(*, held: bool) -> None:
    draw = random.Random(5)
    writer = Writer(draw, (), held=held)
    tools = [*(HELD_OUT if held else TAUGHT), *neighbours(draw, 12, held=held)]
    for plain in tools * 3:
        tool = shown_as(draw, plain)
        steps = [writer.call(tool), writer.answer(tool), writer.both(tool, tool)]
        calls = [call for one in steps if one for call in one.steps[0].reply]
        for call in calls:
            assert call.name == tool.name
            fastjsonschema.compile(tool.schema())(dict(call.arguments))
            assert set(call.arguments) <= set(tool.schema()["properties"])
    for _ in range(20):
        steps = chain(draw, held=held)
        for step, tool in zip(writer.chain(steps).steps, (steps.first, steps.second), strict=True):
            fastjsonschema.compile(tool.schema())(dict(step.reply[0].arguments))


def test_what_is_asked_for_is_missing_and_what_is_copied_stands_in_the_request() -> None:
    for case in cases(3, 6):
        first = case.sample.steps[0]
        if case.sample.kind == "missing":
            assert isinstance(first.reply, str)
            assert first.reply.endswith("?")
        if case.sample.kind == "call":
            values = [value for call in first.reply for value in call.arguments.values()]
            texts = [value for value in values if isinstance(value, str)]
            assert all(text in first.words or any(digit in text for digit in "+-*/") for text in texts)


def test_the_evaluation_asks_with_tools_that_training_never_saw() -> None:
    taught = {tool.name for tool in TAUGHT}
    every: list[Case] = list(cases(2, 20))
    offered = [tool.name for case in every for tool in case.tools]
    assert not taught & {tool.name for tool in HELD_OUT}
    assert sum(name not in taught for name in offered) / len(offered) >= 0.4
    bench = {
        "get_weather",
        "calculate",
        "current_time",
        "convert_currency",
        "set_timer",
        "add_todo",
        "search_notes",
        "send_email",
    }
    assert not taught & bench


def test_the_template_writes_what_training_saw() -> None:
    nested = {
        "type": "object",
        "properties": {
            "mode": {"enum": ["a", "b"], "description": "Which"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "at": {
                "type": "object",
                "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
                "required": ["x"],
            },
        },
        "required": ["at"],
    }  # fmt: skip
    tools = [schema_of(tool) for tool in TAUGHT[:5]]
    tools += [{"name": "place", "description": "", "parameters": nested}]
    call = {"name": "say", "arguments": '{"text": "Hi"}'}
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Say hi."},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "1", "content": "spoken"},
    ]
    body = {"messages": messages, "tools": [{"type": "function", "function": tool} for tool in tools]}
    with NativeServer(
        Path("models/scene_vlm/scene-vlm.gguf"), template=(_FOLDER / "chat.jinja").read_text()
    ) as server:
        written = server.post("/apply-template", body)["prompt"]
        plain = server.post("/apply-template", {"messages": messages[:2]})["prompt"]
    branch = (
        told.user("Say hi.")
        + told.call("say", {"text": "Hi"})
        + told.END
        + "\n"
        + told.result("say", "spoken")
    )
    assert written == told.system("Be kind.", tools) + branch
    assert plain == told.system("Be kind.", ()) + told.user("Say hi.")


def test_the_adapter_is_small_and_so_is_what_it_makes() -> None:
    model = extra("smollm2-135m-tools")
    assert (_FOLDER / "adapter.gguf").stat().st_size <= 8_000_000
    assert model["files"][0]["bytes"] <= 110_000_000


def test_merging_changes_what_the_adapter_names_and_nothing_else(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    base, adapter = tmp_path / "base.gguf", tmp_path / "adapter.gguf"
    blocks = draw.integers(0, 256, (64 * 64 // 32, 20), np.uint8)
    blocks[:, :4] = np.array([0.02, -0.15], np.float16).view(np.uint8)
    gains = np.ones(64, np.float32).tobytes()
    tensors = {
        "blk.0.attn_q.weight": Tensor(_Q4_1, (64, 64), blocks.tobytes()),
        "blk.0.ffn_up.weight": Tensor(_Q4_1, (64, 64), blocks[::-1].tobytes()),
        "blk.0.attn_norm.weight": Tensor(F32, (64,), gains),
        "output_norm.weight": Tensor(F32, (64,), gains),
    }
    base.write_bytes(
        gguf({"general.name": "base", "general.kept": 7, "tokenizer.chat_template": "old"}, tensors)
    )
    down, up = (draw.standard_normal((4, 64)).astype(np.float32) / 8 for _ in range(2))
    up = np.repeat(up.T, 8, 1)  # a row is a whole block
    down = np.repeat(down, 8, 0)
    changes = {
        "blk.0.attn_q.weight.lora_a": Tensor(Q8_0, down.shape, q8_0(down)),
        "blk.0.attn_q.weight.lora_b": Tensor(Q8_0, up.shape, q8_0(np.ascontiguousarray(up))),
        "blk.0.attn_norm.weight": Tensor(F32, (64,), (2 * np.ones(64, np.float32)).tobytes()),
    }
    adapter.write_bytes(gguf({"general.type": "adapter"}, changes))
    made = tmp_path / "made.gguf"
    made.write_bytes(merged(GgufFile(base), GgufFile(adapter), "new", "made"))
    before, after = GgufFile(base), GgufFile(made)
    assert after.values == {"general.name": "made", "general.kept": 7, "tokenizer.chat_template": "new"}
    for name in ("blk.0.ffn_up.weight", "output_norm.weight"):
        assert after.data(name) == before.data(name)
        assert after.tensors[name].kind == before.tensors[name].kind
    assert after.data("blk.0.attn_norm.weight") == changes["blk.0.attn_norm.weight"].data
    wanted = weights(before, "blk.0.attn_q.weight") + up @ down
    off = np.abs(weights(after, "blk.0.attn_q.weight") - wanted)
    assert off.max() <= np.abs(wanted).max() / 60
    other = {"blk.9.attn_q.weight.lora_a": changes["blk.0.attn_q.weight.lora_a"]}
    adapter.write_bytes(gguf({"general.type": "adapter"}, other))
    with pytest.raises(BuildError, match=r"blk\.9"):
        merged(before, GgufFile(adapter), "new", "made")
