"""What the evaluation asks: tools, values, wordings and questions that training never saw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.smollm2_tools.library.chains import chain
from models.smollm2_tools.library.crafted import neighbours
from models.smollm2_tools.library.held_out import HELD_OUT
from models.smollm2_tools.library.taught import TAUGHT
from models.smollm2_tools.library.tool import Tool
from models.smollm2_tools.samples import Sample, Writer
from models.smollm2_tools.supply import schema_of

SYSTEM = (
    "You are a helpful assistant with tools. Most messages need no tool: answer them in plain words."
    " Call a tool only where it does exactly what is asked."
)
QUESTIONS = {
    question: words.split("|")
    for question, words in (
        line.split(" | ")
        for line in Path(__file__).with_name("held_out_questions.txt").read_text().splitlines()
    )
}
"""Questions that need no tool, and the words of which a right answer has one."""


@dataclass(frozen=True)
class Case:
    """A conversation with the tools that are on offer in it."""

    tools: tuple[Tool, ...]
    sample: Sample

    def offered(self) -> list[dict[str, Any]]:
        """The tools as a request has them."""
        return [{"type": "function", "function": schema_of(tool)} for tool in self.tools]


def cases(seed: int, lists: int, each: int = 1) -> Iterator[Case]:
    """`each` of every kind, and twice as many calls, for each of `lists` of eight tools."""
    for number in range(lists):
        draw = random.Random(f"held out {seed} {number}")
        writer = Writer(draw, (), held=True)
        steps = chain(draw, held=True)
        fixed = {steps.first.name: steps.first, steps.second.name: steps.second}
        pool = [*draw.sample(HELD_OUT, 3), *neighbours(draw, 2, held=True), *draw.sample(TAUGHT, 8)]
        others = [tool for tool in pool if tool.name not in fixed]
        tools = [*fixed.values(), *others[:6]]
        absent = others[6:]
        draw.shuffle(tools)
        asked = [tool for tool in tools if tool.asks]
        lacking = [tool for tool in asked if writer.missing(tool)]
        answering = [tool for tool in asked if any("{" in said for said, _ in tool.says)]
        for _ in range(each):
            made = [writer.call(tool) for tool in draw.sample(asked, 2)]
            made.append(writer.chain(steps))
            made.append(writer.unfit(draw.choice(absent)))
            made += [writer.answer(draw.choice(answering))] if answering else []
            made += [writer.missing(draw.choice(lacking))] if lacking else []
            for sample in made:
                if sample:
                    yield Case(tuple(tools), sample)
