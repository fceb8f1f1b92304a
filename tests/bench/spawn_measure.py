"""What it costs in the tab to let an agent work, over a provider that answers at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab import Figure, SiteServer, at_most, median, told, visit
from playwright.sync_api import Browser

_ROUNDS = 30
# In turns: a session that is opened, asked and closed, and one that an agent has under an open session.
_MEASURE = f"""
import sys, time, types
from amplifier_core.message_models import ChatResponse, TextBlock, Usage
from py_app.session import open_session

class Instant:
    name = "instant"

    async def complete(self, request, **more):
        usage = Usage(input_tokens=1, output_tokens=1, total_tokens=2)
        return ChatResponse(content=[TextBlock(text="Done.")], usage=usage, finish_reason="stop")

    def parse_tool_calls(self, response):
        return []

async def mount(coordinator, config=None):
    await coordinator.mount("providers", Instant(), name="instant")

module = types.ModuleType("amplifier_module_provider_instant")
module.__amplifier_module_type__, module.mount = "provider", mount
module.__spec__ = types.SimpleNamespace(name=module.__name__, submodule_search_locations=None, loader=None)
module.__file__ = "amplifier_module_provider_instant.py"
sys.modules[module.__name__] = module

plan = {{
    "providers": [{{"module": "provider-instant"}}],
    "tools": [{{"module": "tool-alcove-calculator"}}, {{"module": "tool-alcove-clock"}}],
    "agents": {{"helper": {{"description": "Helps.", "instruction": "You help."}}}},
}}
parent = await open_session(plan)
spawn = parent.coordinator.get_capability("session.spawn")
budget = parent.coordinator.get_capability("alcove.budget")

async def bare():
    session = await open_session(plan)
    answer = await session.execute("Go")
    await session.cleanup()
    return answer

async def agent():
    budget.taken.begin()
    return (await spawn("helper", "Go"))["output"]

times = {{"bare": [], "agent": []}}
for round in range({_ROUNDS} + 3):
    for work in (bare, agent):
        began = time.perf_counter()
        answer = await work()
        if round >= 3:
            times[work.__name__].append((time.perf_counter() - began) * 1000)
        assert answer == "Done.", answer
await parent.cleanup()
times
"""


def spawn(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """From the call of `session.spawn` to its answer, against a session of one's own; the median of each."""
    with visit(browser, site) as page:
        times: dict[str, Any] = page.evaluate("(code) => alcove.python.run(code)", _MEASURE)
    agent, bare = median(times["agent"]), median(times["bare"])
    yield at_most("spawn: an agent's work", agent, "ms", 60)
    yield told("spawn: an agent ÷ a session of one's own", agent / bare, "ratio")
