"""What training sees, group after group: a list of tools, and what is asked under it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.smollm2_tools import told
from models.smollm2_tools.library.chains import chain
from models.smollm2_tools.library.crafted import neighbours
from models.smollm2_tools.library.taught import TAUGHT
from models.smollm2_tools.library.tool import Parameter, Tool
from models.smollm2_tools.questions import SYSTEMS
from models.smollm2_tools.samples import Sample, Writer
from models.smollm2_tools.texts import Texts

_KINDS = {"call": 30, "chat": 15, "missing": 18, "answer": 14, "unfit": 11, "chain": 9, "both": 3}
_EXTRA = (
    Parameter("note", "message", False),
    Parameter("verbose", "choice", False, "How much to tell", ("yes", "no")),
    Parameter("language", "language", False),
    Parameter("reason", "topic", False, "Why"),
)


def chats() -> list[dict[str, Any]]:
    """The untouched model's answers."""
    return json.loads(Path(__file__).with_name("rehearsal.json").read_text())


class Supply:
    """Groups in the order of their numbers: the same number is the same group in every run."""

    def __init__(self, seed: int, branches: int) -> None:
        self._seed = seed
        self._branches = branches
        self._chats = chats()

    def group(self, number: int) -> Texts:
        """One group."""
        draw = random.Random(f"{self._seed} {number}")
        writer = Writer(draw, self._chats)
        if draw.random() < 0.06:  # no tools at all
            talks = [writer.chat() for _ in range(self._branches)]
            return Texts(told.system(draw.choice(SYSTEMS[:6]), ()), [one.pieces() for one in talks])
        count = draw.choice((1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 9, 10, 12))
        steps = chain(draw, held=False) if count > 2 and draw.random() < 0.7 else None
        fixed = [steps.first, steps.second] if steps else []
        pool = [*draw.sample(TAUGHT, 12), *neighbours(draw, draw.choice((2, 4, 8)), held=False)]
        draw.shuffle(pool)
        names = {tool.name for tool in fixed}
        tools = [*fixed, *(tool for tool in pool if tool.name not in names)][:count]
        draw.shuffle(tools)
        names = {tool.name for tool in tools}
        absent = [tool for tool in pool if tool.name not in names]
        shown = {tool.name: shown_as(draw, tool) for tool in tools}
        kinds = draw.choices(list(_KINDS), list(_KINDS.values()), k=self._branches)
        asked = [tool for tool in tools if tool.asks]
        samples: list[Sample] = []
        for kind in kinds:
            made: Sample | None = None
            if kind == "chain" and steps:
                made = writer.chain(
                    replace(steps, first=shown[steps.first.name], second=shown[steps.second.name])
                )
            elif kind == "unfit" and absent:
                made = writer.unfit(draw.choice(absent))
            elif kind == "both" and len(asked) > 1:
                made = writer.both(*(shown[tool.name] for tool in draw.sample(asked, 2)))
            elif kind in ("missing", "answer") and asked:
                made = getattr(writer, kind)(shown[draw.choice(asked).name])
            elif kind == "chat" or not asked:
                made = writer.chat()
            samples.append(made or writer.call(shown[draw.choice(asked).name]) if asked else writer.chat())
        listed = [schema_of(shown[tool.name]) for tool in tools]
        return Texts(told.system(draw.choice(SYSTEMS), listed), [sample.pieces() for sample in samples])


def shown_as(draw: random.Random, tool: Tool) -> Tool:
    """The same tool as another author might have written it."""
    name = tool.name
    style = draw.random()
    if style < 0.12:
        name = "".join(part if place == 0 else part.title() for place, part in enumerate(name.split("_")))
    elif style < 0.17:
        name = name.replace("_", "-")
    elif style < 0.22 and "_" in name:
        name = "_".join([*name.split("_")[1:], name.split("_")[0]])
    parameters = [replace(one, description="") if draw.random() < 0.3 else one for one in tool.parameters]
    known = {one.name for one in parameters}
    if draw.random() < 0.12:
        parameters += [one for one in draw.sample(_EXTRA, 1) if one.name not in known]
    description = "" if draw.random() < 0.05 else tool.description
    return replace(tool, name=name, description=description, parameters=tuple(parameters))


def schema_of(tool: Tool) -> dict[str, Any]:
    """As `told.line` takes it."""
    return {"name": tool.name, "description": tool.description, "parameters": tool.schema()}
