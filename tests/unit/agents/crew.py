"""Conversations whose plan names agents, and a host that tells who asks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fakes import TOOL, Client, FakeHost, Running, Script, call, calls

AGENTS: dict[str, Any] = {
    "adder": {"description": "Adds numbers.", "instruction": "You are ADDER."},
    "poet": {"description": "Writes verse.", "instruction": "You are POET."},
}


def delegate(
    agent: str, instruction: str = "Add 1 and 2.", call_id: str = "d1", **more: Any
) -> dict[str, Any]:
    return call("delegate", {"agent": agent, "instruction": instruction, **more}, call_id)


class Crew(FakeHost):
    """Scripts by who speaks: the word of the system prompt ("ADDER"), or "" for the conversation's own."""

    def __init__(self, **scripts: list[Script]) -> None:
        super().__init__()
        self.crew = scripts
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        request = json.loads(request_json)
        first = request["messages"][0]
        said = first["content"] if first["role"] == "system" else ""
        who = next((name for name in self.crew if name.upper() in said), "own")
        self.asked.append((who, request))
        scripts = self.crew[who]
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        running = self.running[request["id"]] = Running(request, on_chunk)
        try:
            return await script(running)
        finally:
            del self.running[request["id"]]

    def requests_of(self, who: str) -> list[dict[str, Any]]:
        return [request for name, request in self.asked if name == who]

    def told(self, kind: str, agent: str | None = None) -> list[dict[str, Any]]:
        """Events of a type; those of the agent with this name, or the conversation's own."""
        return [e for e in self.of_type(kind) if e.get("agent", {}).get("name") == agent]


async def opened(host: FakeHost, agents: dict[str, Any] = AGENTS, **config: Any) -> Client:
    plan = {**config.pop("plan", {}), "agents": agents}
    return await Client.open(host, **{"tools": [TOOL], "plan": plan, **config})


def results(request: dict[str, Any]) -> list[str]:
    return [message["content"] for message in request["messages"] if message["role"] == "tool"]


__all__ = ["AGENTS", "Crew", "call", "calls", "delegate", "opened", "results"]
