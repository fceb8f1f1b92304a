"""Requests and what is to be answered, drawn from tools: the data of the training and of the evaluation."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.smollm2_tools import told
from models.smollm2_tools.library.chains import Chain
from models.smollm2_tools.library.tool import Parameter, Tool
from models.smollm2_tools.texts import Piece
from models.smollm2_tools.values import value

_SLOT = re.compile(r"\{(\w+)\}")
_LONG_CHAT, _CHAT_WEIGHT = 110, 0.4
_BEFORE = ("Please: ", "Hi! ", "Hey, ", "Now ", "One more thing: ", "OK. ", "Hello. ")
_AFTER = (" Thanks!", " Thank you.", " It is urgent.", " Quickly, please.")
_MISSING = (
    "Which {0} do you mean?",
    "What is the {0}?",
    "Could you tell me the {0}?",
    "Which {0} should I use?",
)
_UNFIT = (
    "I have no tool for that.",
    "I cannot do that: none of my tools does it.",
    "Sorry, I have no tool that can do that.",
)


@dataclass(frozen=True)
class Call:
    """A call that is to be made."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What the model is told, and what it is to say to it. `source`: whose result it is, if it is one."""

    words: str
    reply: tuple[Call, ...] | str
    source: str = ""
    whole: bool = True
    learnt: bool = True

    def written(self) -> str:
        """The reply as it is written."""
        if isinstance(self.reply, str):
            return self.reply
        return "\n".join(told.call(call.name, dict(call.arguments)) for call in self.reply)


@dataclass(frozen=True)
class Sample:
    """A conversation of one `kind`. `named`: what an answer has to hold."""

    kind: str
    steps: tuple[Step, ...]
    named: str = ""

    def pieces(self) -> list[Piece]:
        """As a branch of a batch."""
        out: list[Piece] = []
        for place, step in enumerate(self.steps):
            words = told.result(step.source, step.words) if step.source else told.user(step.words)
            out.append(Piece(("\n" if place else "") + words))
            weight = _CHAT_WEIGHT if self.kind == "chat" else 1.0
            out.append(Piece(step.written() + (told.END if step.whole else ""), step.learnt, weight))
        return out


class Writer:
    """Draws samples; `held`: values and wordings that training never sees."""

    def __init__(
        self, draw: random.Random, chats: Sequence[Mapping[str, Any]], *, held: bool = False
    ) -> None:
        self._draw = draw
        self._chats = chats
        self._held = held

    def call(self, tool: Tool) -> Sample:
        """A request that `tool` fulfils."""
        words, call = self._asked(tool)
        return Sample("call", (Step(self._worn(words), (call,)),))

    def missing(self, tool: Tool) -> Sample | None:
        """A request that lacks what `tool` needs, if there is such a one."""
        asks = [ask for ask in tool.asks if _lacks(tool, ask)]
        if not asks:
            return None
        ask = self._draw.choice(asks)
        lacking = next(one for one in tool.parameters if one.required and f"{{{one.name}}}" not in ask)
        words, _ = self._filled(tool, ask)
        answer = self._draw.choice(_MISSING).format(lacking.name.replace("_", " "))
        return Sample("missing", (Step(self._worn(words), answer),))

    def unfit(self, tool: Tool) -> Sample:
        """A request for `tool`, which is not on offer."""
        words, _ = self._asked(tool)
        return Sample("unfit", (Step(self._worn(words), self._draw.choice(_UNFIT)),))

    def chat(self) -> Sample:
        """A question that needs no tool, and the untouched model's answer."""
        kept = self._draw.choice(self._chats)
        answer, whole = kept["answer"], kept["whole"]
        if len(answer) > _LONG_CHAT:  # its beginning says enough, and costs less
            answer, whole = answer[:_LONG_CHAT].rsplit(" ", 1)[0], False
        return Sample("chat", (Step(kept["question"], answer, whole=whole),))

    def answer(self, tool: Tool) -> Sample | None:
        """A call, its result, and the answer in words."""
        if not tool.says:
            return None
        words, call = self._asked(tool, all_of=True)
        said, answer = self._draw.choice(tool.says)
        given = {key: str(item) for key, item in call.arguments.items()}
        given |= {slot: self._some(slot) for slot in _SLOT.findall(said + answer) if slot not in given}
        # What the result says anew is not what was asked.
        told_, answer = (_SLOT.sub(lambda slot: given[slot[1]], text) for text in (said, answer))
        new = [given[slot] for slot in _SLOT.findall(said) if slot not in call.arguments]
        steps = (Step(self._worn(words), (call,)), Step(told_, answer, call.name))
        return Sample("answer", steps, new[0] if new else "")

    def both(self, one: Tool, other: Tool) -> Sample:
        """Two requests in one message."""
        first, call = self._asked(one)
        second, more = self._asked(other)
        between = self._draw.choice(("and", "and also:", "and then"))
        joined = f"{first.rstrip('.')} {between} {second[:1].lower()}{second[1:]}"
        if "?" in first:
            joined = f"{first} {second}"
        return Sample("both", (Step(joined, (call, more)),))

    def chain(self, chain: Chain) -> Sample:
        """Two calls, the second with what the first one found."""
        found, _ = value(chain.found, self._draw, held=self._held)
        one = chain.first
        both = Tool(
            "", "", (*one.parameters, *(p for p in chain.second.parameters if p.name != chain.handed))
        )
        words, given = self._filled(both, chain.ask)
        first = {p.name: given[p.name] for p in one.parameters if p.name in given}
        second = {
            p.name: found if p.name == chain.handed else given.get(p.name) for p in chain.second.parameters
        }
        calls = (
            Call(one.name, first),
            Call(chain.second.name, {k: v for k, v in second.items() if v is not None}),
        )
        said = self._draw.choice(chain.results).format(found)
        return Sample("chain", (Step(self._worn(words), calls[:1]), Step(said, calls[1:], one.name)))

    def _asked(self, tool: Tool, *, all_of: bool = False) -> tuple[str, Call]:
        asks = [ask for ask in tool.asks if not _lacks(tool, ask)]
        if len(asks) > 3 and not all_of:
            asks = asks[-1:] if self._held else asks[:-1]
        words, given = self._filled(tool, self._draw.choice(asks))
        return words, Call(tool.name, given)

    def _filled(self, tool: Tool, ask: str) -> tuple[str, dict[str, Any]]:
        """The request with values in its places, and these."""
        given: dict[str, Any] = {}
        said: dict[str, str] = {}
        for one in tool.parameters:
            if f"{{{one.name}}}" in ask:
                given[one.name], said[one.name] = self._value(one, said)
        if not self._held and self._draw.random() < 0.15:
            ask = ask.lower().rstrip(".")
        return _SLOT.sub(lambda slot: said[slot[1]], ask), given

    def _value(self, one: Parameter, taken: Mapping[str, str]) -> tuple[Any, str]:
        if one.choices:
            chosen = self._draw.choice([c for c in one.choices if c not in taken.values()])
            return chosen, chosen
        if one.kind.endswith("[]"):
            pairs = [
                value(one.kind[:-2], self._draw, held=self._held) for _ in range(self._draw.randrange(2, 4))
            ]
            items = list(dict.fromkeys(str(item) for item, _ in pairs))
            return items, " and ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else items[0]
        for _ in range(9):
            written, said = value(one.kind, self._draw, held=self._held)
            if said not in taken.values():
                break
        return written, said

    def _some(self, slot: str) -> str:
        if slot == "n":
            return str(self._draw.randrange(2, 300))
        return str(value(slot, self._draw, held=self._held)[0])

    def _worn(self, words: str) -> str:
        chance = self._draw.random()
        if chance < 0.12:
            return self._draw.choice(_BEFORE) + words
        if chance < 0.2:
            return words + self._draw.choice(_AFTER)
        return words


def _lacks(tool: Tool, ask: str) -> bool:
    """Whether a request leaves out what the tool needs."""
    return any(one.required and f"{{{one.name}}}" not in ask for one in tool.parameters)
