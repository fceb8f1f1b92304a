"""Upstream's facade: its quick start with the import changed, and the tool of its guide, asked for first."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page
from tool_server import tool_server
from upstream_guide import CALCULATOR

# Of their quick start and guide, but for the import.
QUICK_START = """async () => {
  const { AmplifierWeb } = await import("./alcove.js");
  const told = [];
  const amp = new AmplifierWeb({
    model: 'Phi-3.5-mini-instruct-q4f16_1-MLC',
    onProgress: (stage, pct, msg) => told.push(stage)
  });
  await amp.init();
  const result = await amp.execute('Hello!');
  let streamed = "";
  await amp.executeStreaming('Tell me a story', (chunk) => {
    if (chunk.type === 'content' || chunk.type === 'delta') {
      streamed += chunk.delta || chunk.content;
      if (streamed.length > 20) amp.cancel();
    }
  });
  const history = await amp.getHistory();
  await amp.clearHistory();
  const left = await amp.getHistory();
  await amp.dispose();
  const roles = history.map(({ role }) => role);
  return { content: result.content, usage: result.usage, streamed, told, roles, left };
}"""

WITH_TOOL = """async ([baseUrl, tool, asked]) => {
  const { AmplifierWeb, AmplifierError } = await import("./alcove.js");
  await alcove.server.set({ baseUrl, model: "caller" });
  const questions = [];
  const amp = new AmplifierWeb({
    skipWebLLM: true,
    bundleContent: "---\\nbundle: {name: mine}\\ntools: [{module: tool-alcove-clock}]\\n---\\nYou are mine.",
    onError: () => undefined,
    approveToolCall: async (call) => { questions.push(call); return questions.length === 1; },
  });
  const early = await amp.execute("x").catch((error) => error instanceof AmplifierError && error.code);
  const [, twice] = await Promise.all([amp.init(), amp.init().catch((error) => error.code)]);
  await amp.registerTool(tool);
  const wrong = await amp.registerTool("1 +").catch((error) => error.code);
  const [first, second] = [await amp.execute(asked), await amp.execute(asked)];
  const clock = await amp.execute('clock {}');
  const names = await amp.getToolNames();
  await amp.dispose();
  return { early, twice, wrong, names, questions, first, second, clock };
}"""


def test_the_quick_start_with_the_import_changed(new_page: Callable[..., Page]) -> None:
    done: dict[str, Any] = new_page().evaluate(QUICK_START)
    assert done["content"]
    assert done["usage"]["total_tokens"] > 0
    assert len(done["streamed"]) > 20
    assert done["told"][-1] == "ready"
    assert done["roles"] == ["user", "assistant"] * 2
    assert done["left"] == []


def test_a_tool_of_the_guide_asks_first(new_page: Callable[..., Page]) -> None:
    with tool_server() as url:
        asked = "calculator " + json.dumps({"expression": "6 * 7"})
        done: dict[str, Any] = new_page("#vision").evaluate(WITH_TOOL, [url, CALCULATOR, asked])
    assert [done["early"], done["twice"], done["wrong"], done["names"]] == [
        "NOT_INITIALIZED",
        "ALREADY_INITIALIZED",
        "EXECUTION_FAILED",
        ["calculator"],
    ]
    assert done["questions"][0]["name"] == "calculator"
    assert done["questions"][0]["arguments"] == {"expression": "6 * 7"}
    assert [call["result"] for call in done["first"]["toolCalls"]] == ["42"]
    assert [call["name"] for call in done["clock"]["toolCalls"]] == ["clock"]
    assert "refused" in json.dumps(done["second"]["toolCalls"])
