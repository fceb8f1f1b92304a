"""A sub-agent as a person sees it: at work in the call, asking, kept over a reload, and in the activity."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conversation import ask
from page_checks import accessibility_problems
from playwright.sync_api import Page, expect
from talking_server import TalkingServer, talking

_BEGIN = """async (baseUrl) => {
  await alcove.server.set({ baseUrl, model: "crew" });
  const chat = await alcove.openSession({
    provider: "openai",
    agents: {
      keeper: { description: "Keeps notes.", instruction: "You are KEEPER.", tools: ["storage"] },
      lost: { description: "Cannot be had.", tools: ["tool-of-nobody"] },
    },
  });
  for await (const event of chat.send("Hello."));
  await chat.close();
  return chat.id;
}"""

_NOTE = {"action": "write", "name": "list", "text": "milk"}


def _reply(messages: list[dict[str, Any]]) -> str | list[tuple[str, str]]:
    """Lets the agent that the message names work; the keeper writes a note."""
    last = messages[-1]
    if "KEEPER" in str(messages[0]["content"]):
        return "It is on the **list**." if last["role"] == "tool" else [("storage", json.dumps(_NOTE))]
    if last["role"] == "tool" or "agent" not in last["content"]:
        return "Done."
    return [("delegate", last["content"])]


@pytest.fixture
def crew() -> Iterator[str]:
    with talking(TalkingServer(_reply, ["crew"])) as server:
        yield server.url


@pytest.mark.journey
def test_an_agent_works_asks_and_stays(new_page: Callable[..., Page], crew: str) -> None:
    page = new_page("#vision")
    conversation = page.evaluate(_BEGIN, crew)
    page.goto(page.url.partition("#")[0] + f"#c={conversation}")
    expect(page.get_by_test_id("message-assistant")).to_contain_text("Done.")
    page.get_by_test_id("composer").fill(json.dumps({"agent": "keeper", "instruction": "Note milk."}))
    page.get_by_test_id("send").click()
    card = page.get_by_test_id("approval")
    expect(card).to_contain_text("keeper wants to use storage")
    agent = page.get_by_test_id("agent")
    expect(agent).to_contain_text("keeper")
    expect(agent).to_have_attribute("data-state", "running")
    card.locator("[data-option='Allow once']").click()
    expect(agent).to_have_attribute("data-state", "done")
    expect(agent).to_contain_text("1 step")
    expect(page.get_by_test_id("stop")).to_have_count(0)

    page.reload()
    summary = agent.locator("summary").first
    expect(summary).to_contain_text("Done · 1 step")
    summary.press("Enter")
    work = agent.get_by_role("group", name="What keeper did")
    expect(work).to_contain_text("Note milk.")
    expect(work.locator("strong")).to_have_text("list")
    expect(work.get_by_test_id("tool-call")).to_contain_text("you allowed it")
    assert accessibility_problems(page) == []

    answer = ask(page, json.dumps({"agent": "lost", "instruction": "Find it."}))
    expect(answer.get_by_test_id("agent")).to_have_attribute("data-state", "failed")
    expect(answer.get_by_test_id("agent-error")).to_contain_text("tool-of-nobody")

    page.get_by_test_id("activity").click()
    sheet = page.get_by_test_id("activity-sheet")
    sheet.get_by_test_id("activity-agent").select_option("The conversation")
    entries = sheet.get_by_test_id("activity-entry")
    expect(entries.filter(has_text="prompt:submit")).to_have_count(1)
    page.evaluate("alcove.conversations.list().then(([{ id }]) => alcove.conversations.remove(id))")
