"""Who works: what events, questions and the transcript say of a sub-agent."""

from __future__ import annotations

from dataclasses import dataclass

from providers.json_types import Json


@dataclass(frozen=True)
class Agent:
    """`id` is its session's, `parent` that of the session that it works for."""

    id: str
    name: str
    parent: str

    @property
    def about(self) -> Json:
        return {"id": self.id, "name": self.name, "parent": self.parent}
