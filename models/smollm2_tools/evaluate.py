"""How often it is right: `python -m models.smollm2_tools.evaluate MODEL.gguf [--lists N] [--show]`.

By llama.cpp itself, with the readers of calls that the product has, on what training never saw
(`held_out.py`).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from models.smollm2_tools.held_out import QUESTIONS, SYSTEM, Case, cases
from models.smollm2_tools.native import NativeServer
from models.smollm2_tools.samples import Call
from providers.calls.fit import fitted
from providers.calls.reader import CallReader

_SEED, _MOST_TOKENS = 2, 96
_WHOLE = 3
"""Accepted words that are shorter have to stand alone; of others the beginning is enough."""
_CHAT = {"role": "system", "content": "You answer questions in plain English."}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,),
    "object": (dict,),
}  # fmt: skip


GOALS = {
    "right tool of 8": 85,
    "right tool and all arguments": 75,
    "none where none is needed": 92,
    "asks for what is missing": 60,
    "two steps, both right": 50,
    "answer in words that names the result": 85,
    "valid calls": 100,
}
"""In percent."""


class Asked(Protocol):
    """Who answers: llama.cpp itself, or a tab."""

    def chat(self, messages: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
        """{text, calls: [{name, arguments}]} of one reply, at temperature 0."""
        ...


class Reply:
    """What the model said: words and calls."""

    def __init__(self, text: str, calls: list[dict[str, Any]], case: Case) -> None:
        schemas = {tool.name: tool.schema() for tool in case.tools}
        reader = CallReader(schemas)
        self.words = (reader.take(text) + reader.end()).strip()
        written = [(call["name"], call["arguments"]) for call in calls]
        written += [(call.name, call.arguments) for call in reader.calls]
        self.calls = [(name, _arguments(text, schemas.get(name))) for name, text in written]
        self.valid = "<tool_call>" not in self.words and all(
            arguments is not None and name in schemas and valid(arguments, schemas[name])
            for name, arguments in self.calls
        )

    def is_of(self, wanted: tuple[Call, ...]) -> bool:
        """Whether these calls were made and no others, with the same arguments."""
        return [(call.name, dict(call.arguments)) for call in wanted] == [
            (name, arguments) for name, arguments in self.calls
        ]


def _arguments(text: str, schema: dict[str, Any] | None) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return fitted(found, schema) if schema and isinstance(found, dict) else None


def valid(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Whether they fit the schema of a tool of ours."""
    properties = schema["properties"]
    if not set(schema["required"]) <= arguments.keys() <= properties.keys():
        return False
    for name, value in arguments.items():
        about = properties[name]
        if not isinstance(value, _TYPES[about["type"]]) or value not in about.get("enum", [value]):
            return False
    return True


class Evaluation:
    """Counts what is right."""

    def __init__(self, asked: Asked, *, show: bool = False) -> None:
        self._who = asked
        self._show = show
        self._right: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def case(self, case: Case) -> None:
        """Asks one case."""
        kind, steps = case.sample.kind, case.sample.steps
        messages: list[dict[str, Any]] = [{"role": "system", "content": SYSTEM}]
        messages.append({"role": "user", "content": steps[0].words})
        if kind == "answer":
            self._follow(messages, steps[0].reply, steps[1].words)
            reply = self._ask(case, messages)
            names = case.sample.named.lower() in reply.words.lower()
            self._count(
                "answer in words that names the result", not reply.calls and bool(reply.words) and names
            )
            return
        reply = self._ask(case, messages)
        wanted = steps[0].reply
        if isinstance(wanted, tuple) and kind == "call":
            self._count("right tool of 8", [name for name, _ in reply.calls] == [wanted[0].name])
            self._count("right tool and all arguments", reply.is_of(wanted))
        elif isinstance(wanted, tuple):
            right = reply.is_of(wanted)
            if right:
                self._follow(messages, wanted, steps[1].words)
                reply = self._ask(case, messages)
                right = isinstance(steps[1].reply, tuple) and reply.is_of(steps[1].reply)
            self._count("two steps, both right", right)
        elif kind == "missing":
            self._count("asks for what is missing", not reply.calls and "?" in reply.words)
        else:
            self._count("none where no tool fits", not reply.calls)

    def question(self, case: Case, question: str) -> None:
        """Asks what needs no tool, under the tools of `case`."""
        messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
        self._count("none where none is needed", not self._ask(case, messages).calls)

    def plain(self, question: str) -> None:
        """Asks a question without tools, as somebody who only chats."""
        said = self._who.chat([_CHAT, {"role": "user", "content": question}], max_tokens=_MOST_TOKENS)
        words = re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", said["text"].lower())
        right = any(
            word == accepted if len(accepted) < _WHOLE else word.startswith(accepted)
            for accepted in QUESTIONS[question]
            for word in words
        )
        self._count("simple questions, without tools", right)

    def run(self, lists: int, questions: int, seed: int = _SEED) -> None:
        """Asks all cases of so many lists of tools, and the questions, spread over these."""
        every = list(cases(seed, lists))
        for place, case in enumerate(every):
            self.case(case)
            for question in list(QUESTIONS)[:questions][place :: len(every)]:
                self.question(case, question)
        for question in list(QUESTIONS)[:questions]:
            self.plain(question)

    def shares(self) -> dict[str, tuple[int, int]]:
        """How many were right, and of how many, by what is measured."""
        return {name: (self._right[name], asked) for name, asked in self._asked.items()}

    def _follow(self, messages: list[dict[str, Any]], calls: tuple[Call, ...] | str, result: str) -> None:
        call = calls[0]
        assert isinstance(call, Call)
        function = {"name": call.name, "arguments": json.dumps(dict(call.arguments), ensure_ascii=False)}
        messages.append(
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "1", "type": "function", "function": function}],
            }
        )
        messages.append({"role": "tool", "tool_call_id": "1", "content": result})

    def _ask(self, case: Case, messages: list[dict[str, Any]]) -> Reply:
        said = self._who.chat(messages, tools=case.offered(), max_tokens=_MOST_TOKENS)
        reply = Reply(said["text"], said["calls"], case)
        if reply.calls or not reply.valid:
            self._count("valid calls", reply.valid)
        if self._show:
            print(
                f"{case.sample.kind} | {messages[-1]['content']} | {said['text']} {said['calls']}", flush=True
            )
        return reply

    def _count(self, name: str, right: bool) -> None:
        self._asked[name] += 1
        self._right[name] += right


def main() -> None:
    """Prints the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("model", type=Path)
    asked.add_argument("--lists", type=int, default=20)
    asked.add_argument("--seed", type=int, default=_SEED)
    asked.add_argument("--questions", type=int, default=len(QUESTIONS))
    asked.add_argument("--template", type=Path)
    asked.add_argument("--show", action="store_true")
    given = asked.parse_args()
    template = given.template.read_text() if given.template else ""
    with NativeServer(given.model, template=template) as server:
        evaluation = Evaluation(server, show=given.show)
        evaluation.run(given.lists, given.questions, given.seed)
    for name, (right, of) in evaluation.shares().items():
        goal = f" (goal {GOALS[name]} %)" if name in GOALS else ""
        print(f"{name}: {right} of {of}, {100 * right / of:.0f} %{goal}")


if __name__ == "__main__":
    main()
