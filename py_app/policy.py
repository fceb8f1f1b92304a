"""Which tools run unasked, which ask the person first, and which never run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from py_app.errors import AlcoveError

Verdict = Literal["allow", "ask", "deny"]

_VERDICTS = ("allow", "ask", "deny")

READING = frozenset({"read_file", "glob", "grep", "load_skill", "todo", "delegate", "task"})
"""Tools of the official modules that change nothing; they do not say so themselves. What an agent does that
is let work asks for itself."""


@dataclass(frozen=True)
class Policy:
    """`tools` by name; `default` is for all others.

    Under the default "ask" a tool that only reads does not ask; under "deny" it does not run either.
    """

    tools: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    default: Verdict = "ask"

    @classmethod
    def parse(cls, raw: object) -> Policy:
        """From "ask", "allow", or {tool: "allow" | "ask" | "deny", "default"?: the same}.

        Raises AlcoveError (bad-request) for anything else.
        """
        if raw in ("ask", "allow"):
            return cls(default=cast(Verdict, raw))
        given = cast("dict[str, object]", raw) if isinstance(raw, dict) else None
        if given is None or not all(verdict in _VERDICTS for verdict in given.values()):
            raise AlcoveError(
                "bad-request",
                '"approvals" must be "ask", "allow", or say "allow", "ask" or "deny" of each tool.',
            )
        tools = cast("dict[str, Verdict]", given)
        named: dict[str, Verdict] = {name: said for name, said in tools.items() if name != "default"}
        return cls(named, tools.get("default", "ask"))

    def verdict(self, name: str, tool: object) -> Verdict:
        """What the policy says of a call of `tool`."""
        if name in self.tools:
            return self.tools[name]
        if self.default != "ask":
            return self.default
        return "allow" if only_reads(name, tool) else "ask"


def only_reads(name: str, tool: object) -> bool:
    """Whether the tool changes nothing. One that does not say whether it has side effects has some."""
    return not getattr(tool, "side_effects", name not in READING)


def origin_of(tool: object) -> str:
    """Whose tool it is: its `origin`, if it says one, else the Python module that it comes from.

    Two tools of one name are the same to a person who has allowed one for good only if this is the same too.
    """
    said: object = getattr(tool, "origin", None)
    return said if said and isinstance(said, str) else type(tool).__module__
