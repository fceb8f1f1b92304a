"""An agent on a model that chooses by itself: Qwen2.5-Coder-0.5B, imported as a person imports it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from waiting import wait_ready

from build_steps import models
from build_steps.base import cache_dir
from build_steps.serve import SiteServer

_LONGEST_MS = 600_000
_NEEDED = 1_500_000_000

_ASK = """
async ({ text, model, choice }) => {
  const chat = await alcove.openSession({
    model,
    system: "You are a helpful assistant.",
    tools: [{
      name: "get_weather", description: "The weather in a city, now.", sideEffects: false,
      inputSchema: { type: "object", required: ["city"],
        properties: { city: { type: "string", pattern: "^(?!x).+$" } } },
      execute: ({ city }) => `Sunny, 21 degrees in ${city}.`,
    }],
    plan: {
      session: { orchestrator: { module: "loop-alcove", config: choice ? { tool_choice: choice } : {} } },
      providers: [{ module: "provider-llamacpp", config: { temperature: 0, max_tokens: 100 } }],
    },
  });
  const said = { text: "", calls: [] };
  for await (const event of chat.send(text)) {
    if (event.type === "text") said.text += event.text;
    if (event.type === "tool" && event.phase === "end")
      said.calls.push([event.name, event.input, event.result]);
  }
  await alcove.conversations.remove(chat.id);
  return said;
}
"""


@pytest.fixture(scope="module")
def agent(browser: Browser, site: SiteServer) -> Iterator[tuple[Page, str]]:
    """A page that holds the model, and the model's id."""
    if shutil.disk_usage(cache_dir()).free < _NEEDED:
        pytest.skip("Qwen2.5-Coder-0.5B wants 1.5 GB of disk.")
    path = models.model_file(models.extra("qwen2.5-coder-0.5b"), 0)
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(_LONGEST_MS)
    page.goto(site.url)
    wait_ready(page)
    page.evaluate(
        """document.body.append(
            Object.assign(document.createElement("input"), { type: "file", id: "model-file" }))"""
    )
    page.set_input_files("#model-file", path)
    model = page.evaluate(
        "async () => (await alcove.models.importFile(document.querySelector('#model-file').files[0])).id"
    )
    yield page, model
    context.close()


def ask(agent: tuple[Page, str], text: str, choice: Any = None) -> dict[str, Any]:
    page, model = agent
    return page.evaluate(_ASK, {"text": text, "model": model, "choice": choice})


def test_a_call_in_its_own_words_is_understood(agent: tuple[Page, str]) -> None:
    said = ask(agent, "What is the weather like in Oslo?")
    assert said["calls"][0] == ["get_weather", {"city": "Oslo"}, "Sunny, 21 degrees in Oslo."]
    # Nothing of the call is shown; the answer is.
    assert "get_weather" not in said["text"]
    assert said["text"].strip()


def test_a_required_call_is_made_where_none_is_needed(agent: tuple[Page, str]) -> None:
    said = ask(agent, "Thank you!", "required")
    assert said["calls"][0][0] == "get_weather"
    assert said["calls"][0][1]["city"]
