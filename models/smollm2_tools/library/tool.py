"""A tool as the data knows it: its name and parameters, how people ask for it, what it says, what to answer.

Written in lines, which `read` takes: `name | description`, then `takes` with each parameter as
`name[?]:kind[=description]` (a kind with `/` is a choice), `ask` for a request and `says` for a result with
the answer after `=>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_TYPES = {"small": "integer", "amount": "number"}


@dataclass(frozen=True)
class Parameter:
    """`kind` is one of `values.py`, or "choice" or "list"."""

    name: str
    kind: str
    required: bool = True
    description: str = ""
    choices: tuple[str, ...] = ()

    def schema(self) -> Json:
        """Its JSON schema."""
        about: Json = {"description": self.description} if self.description else {}
        if self.choices:
            return {"type": "string", "enum": list(self.choices), **about}
        if self.kind.endswith("[]"):
            return {"type": "array", "items": {"type": "string"}, **about}
        return {"type": _TYPES.get(self.kind, "string"), **about}


@dataclass(frozen=True)
class Tool:
    """`asks` name the parameters in braces; one that leaves out a required one is a request that lacks it."""

    name: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    asks: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = field(default=())

    def schema(self) -> Json:
        """Its JSON schema."""
        properties = {one.name: one.schema() for one in self.parameters}
        required = [one.name for one in self.parameters if one.required]
        return {"type": "object", "properties": properties, "required": required}


def read(text: str) -> list[Tool]:
    """The tools of a text, one after the other."""
    found: list[Tool] = []
    for block in text.strip().split("\n\n"):
        head, *lines = block.strip().splitlines()
        name, _, description = head.partition(" | ")
        parameters: list[Parameter] = []
        asks: list[str] = []
        says: list[tuple[str, str]] = []
        for line in lines:
            what, _, rest = line.strip().partition(" ")
            if what == "takes":
                parameters += [_parameter(one.strip()) for one in rest.split(";")]
            elif what == "ask":
                asks += [one.strip() for one in rest.split("|")]
            elif what == "says":
                said, _, answer = rest.partition(" => ")
                says.append((said.strip(), answer.strip()))
            else:
                raise ValueError(f"{name}: {line}")
        found.append(Tool(name, description, tuple(parameters), tuple(asks), tuple(says)))
    return found


def _parameter(text: str) -> Parameter:
    head, _, description = text.partition("=")
    name, _, kind = head.partition(":")
    required = not name.endswith("?")
    choices = tuple(kind.split("/")) if "/" in kind else ()
    return Parameter(name.rstrip("?"), "choice" if choices else kind, required, description, choices)
