"""`tool-alcove-delegate`: the tool by which a model lets an agent of the plan work for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from amplifier_core.models import ToolResult

from providers.capabilities import AGENTS
from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.plan import agents_of
from py_app.agents.sub_agents import SubAgents
from py_app.errors import to_error_data
from py_app.tools.named import NamedTool, failed, mount_tool

__amplifier_module_type__ = "tool"

MODULE = "tool-alcove-delegate"
NAME = "delegate"


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `delegate`; returns what unmounts it.

    Config: `exclude_tools`, the modules that agents do not have unless they name them themselves (this one,
    or agents would let agents work for ever).
    """
    return await mount_tool(coordinator, Delegate(coordinator, config or {}))


class Delegate(NamedTool):
    """Its description names the agents of the plan as they are when it is asked for."""

    side_by_side = True

    def __init__(self, coordinator: Coordinator, config: Json) -> None:
        super().__init__(NAME, "", {}, side_effects=False)
        self._coordinator = coordinator
        self._excluded: list[str] = config.get("exclude_tools", [MODULE])

    @property
    def description(self) -> str:
        listed = [f"- {name}: {agent.get('description') or name}" for name, agent in self._agents.items()]
        return "\n".join(
            [
                "Let an agent do a task by itself. It knows nothing of this conversation: say all it needs.",
                "Agents:" if listed else "There are no agents.",
                *listed,
            ]
        )

    @property
    def input_schema(self) -> Json:
        names = {"enum": list(self._agents)} if self._agents else {}
        return {
            "type": "object",
            "properties": {
                "agent": {"type": "string", "description": "Which agent", **names},
                "instruction": {"type": "string", "description": "The task, in full"},
                "session_id": {
                    "type": "string",
                    "description": "In place of agent: the id in an earlier result, for that one to go on",
                },
            },
            "required": ["instruction"],
        }

    @property
    def _agents(self) -> dict[str, Json]:
        return agents_of(self._coordinator.config)

    async def execute(self, input: Json) -> ToolResult:  # noqa: A002  # the protocol's name
        agents: SubAgents | None = self._coordinator.get_capability(AGENTS)
        instruction = str(input.get("instruction") or "").strip()
        name, session_id = str(input.get("agent") or ""), str(input.get("session_id") or "")
        if agents is None or not instruction or not (name or session_id):
            return failed("Say which agent is to do what: agent and instruction.")
        try:
            if session_id:
                result = await agents.resume(session_id, instruction)
            else:
                excluded = {"exclude_tools": self._excluded}
                result = await agents.spawn(name, instruction, tool_inheritance=excluded)
        except FileNotFoundError as error:
            return failed(str(error))
        except Exception as error:  # what an agent fails with is news for the model that asked it
            data = to_error_data(error)
            return failed(f"{data['message']} {data['action']}".strip())
        return ToolResult(
            output={
                "response": result["output"],
                "session_id": result["session_id"],
                "status": result["status"],
            }
        )
