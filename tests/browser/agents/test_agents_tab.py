"""The Agents tab: an agent is made, changed, talked with, kept and removed; and a site that is one agent."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from browsers import copy_site, visitor
from page_checks import accessibility_problems
from playwright.sync_api import Browser, Page, expect
from tool_server import tool_server
from waiting import wait_ready

from build_steps import agent as step
from build_steps.agent import SiteAgent, add_agent, dressed_page
from build_steps.dist import Dist
from build_steps.serve import SiteServer

_SERVE = "(baseUrl) => alcove.server.set({ baseUrl, model: 'caller' })"
_CHAT = """async (agent) => {
  const chat = await alcove.openSession({ agent, provider: "openai", approvals: "allow" });
  const results = [];
  for await (const event of chat.send('calculator {"expression": "6*7"}'))
    if (event.type === "tool" && event.phase === "end") results.push(event.result);
  await chat.close();
  return { id: chat.id, results };
}"""
_AGAIN = """async (resume) => {
  const chat = await alcove.openSession({ resume, provider: "openai" });
  const notices = [];
  for await (const event of chat.send("nothing {}")) if (event.type === "notice") notices.push(event.text);
  await chat.close();
  return notices;
}"""
_BAD = """async () => {
  try { await alcove.agents.add("---\\nbundle: {name: a}\\nx: !!python/object:os.system y\\n---\\n"); }
  catch (error) { return [error.code, error.message, (await alcove.agents.own()).length]; }
}"""


_CLERK = """---
bundle: {name: Clerk, description: Good day.}
tools: [{module: tool-alcove-clock}]
---
You are a clerk.
"""


_INCLUDING = """async () => {
  const file = (name, text) => new File([text], name);
  const { id } = await alcove.agents.add([
    file("bundle.md", "---\\nbundle: {name: Heir}\\nincludes: [./base.yaml]\\n---\\nYou inherit.\\n"),
    file("base.yaml", "bundle: {name: base}\\ntools: [{module: tool-alcove-calculator}]\\n"),
  ]);
  return id;
}"""


def test_a_tool_that_comes_with_what_an_agent_includes_is_not_to_be_unticked(
    new_page: Callable[..., Page],
) -> None:
    page = new_page("#agents")
    heir = page.locator(f'[data-agent="{page.evaluate(_INCLUDING)}"]')
    heir.get_by_test_id("agent-edit").click()
    editor = page.get_by_test_id("agent-editor")
    calculator = editor.get_by_test_id("agent-tool-calculator")
    expect(calculator).to_be_checked()
    expect(calculator).to_be_disabled()
    editor.get_by_test_id("agent-tool-clock").check()
    editor.get_by_test_id("agent-save").click()
    expect(editor).to_have_count(0)
    expect(heir.get_by_test_id("agent-tool")).to_have_text([re.compile("Calculator"), re.compile("Clock")])


_TALLY = """
from amplifier_core.models import ToolResult

__amplifier_module_type__ = "tool"


class Tally:
    name = "tally"
    description = "Counts."
    input_schema = {"type": "object", "properties": {}}

    async def execute(self, input):
        return ToolResult(output=1)


async def mount(coordinator, config=None):
    await coordinator.mount("tools", Tally(), name="tally")
"""


def _wheel() -> bytes:
    package, info = "amplifier_module_tool_tally", "amplifier_module_tool_tally-1.0.dist-info"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{package}/__init__.py", _TALLY)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: amplifier-module-tool-tally\nVersion: 1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", f"[amplifier.modules]\ntool-tally = {package}:mount\n")
        archive.writestr(f"{info}/RECORD", "")
    return content.getvalue()


def test_a_person_adds_a_module_and_takes_it_away(new_page: Callable[..., Page]) -> None:
    page = new_page("#agents")
    file = {"name": "amplifier_module_tool_tally-1.0-py3-none-any.whl", "mimeType": "", "buffer": _wheel()}
    page.get_by_test_id("agents-wheels").set_input_files([file])
    expect(page.get_by_test_id("agents-brought")).to_contain_text("tool-tally")
    page.get_by_test_id("agents-text").fill(
        "---\nbundle: {name: Counter}\ntools: [{module: tool-tally}]\n---\nCount."
    )
    page.get_by_test_id("agents-paste").click()
    counter = page.get_by_test_id("agent").filter(has_text="Counter")
    expect(counter.get_by_test_id("agent-tool")).to_contain_text("tally")
    assert accessibility_problems(page) == []
    page.get_by_test_id("agents-wheel-remove").click()
    expect(page.get_by_test_id("agents-wheel")).to_have_count(0)
    page.get_by_test_id("agents-wheels").set_input_files([{**file, "name": "it-1.0-cp39-cp39-win32.whl"}])
    expect(page.get_by_test_id("agents-python-failure")).to_be_visible()


@pytest.mark.journey
def test_a_person_makes_an_agent_and_talks_with_it(new_page: Callable[..., Page]) -> None:
    with tool_server() as url:
        page = new_page("#agents")
        page.evaluate(_SERVE, url)
        assert page.evaluate(_BAD)[:2] == ["bad-request", _bad_message(page)]
        expect(page.get_by_test_id("agent").filter(has_text="Analyst")).to_contain_text("Python")
        page.get_by_test_id("agents-new").click()
        made = page.locator("[data-added=true]")
        expect(made.get_by_test_id("agent-tool")).to_have_text(re.compile("Clock"))
        assert accessibility_problems(page) == []
        made.get_by_test_id("agent-edit").click()
        editor = page.get_by_test_id("agent-editor")
        editor.get_by_label("Name").fill("Clerk")
        editor.get_by_test_id("agent-tool-calculator").check()
        assert accessibility_problems(page) == []
        editor.get_by_test_id("agent-save").click()
        expect(editor).to_have_count(0)
        clerk = page.get_by_test_id("agent").filter(has_text="Clerk")
        expect(clerk.get_by_test_id("agent-tool")).to_have_count(2)
        id_ = clerk.get_attribute("data-agent")

        said = page.evaluate(_CHAT, id_)
        assert said["results"][0]["result"] == "42"
        clerk.get_by_test_id("agent-chat").click()
        expect(page.get_by_test_id("agent-name")).to_have_text("Clerk")

        page.reload()
        wait_ready(page)
        assert page.evaluate(_AGAIN, said["id"]) == []
        page.get_by_test_id("go-agents").click()
        clerk.get_by_test_id("agent-remove").click()
        page.get_by_test_id("agent-remove-confirm").click()
        expect(clerk).to_have_count(0)
        assert "“Clerk” is not on this device any more" in page.evaluate(_AGAIN, said["id"])[0]


def _bad_message(page: Page) -> str:
    message = page.evaluate(_BAD)[1]
    assert message.startswith("bundle.md, line 3: could not determine a constructor")
    return message


def test_a_site_that_is_one_agent(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "VENV_PYTHON", Path(sys.executable))
    (tmp_path / "bundle.md").write_text(_CLERK)
    site = copy_site(tmp_path)
    dist = Dist(site)
    look = add_agent(dist, tmp_path, SiteAgent(tmp_path / "bundle.md"))
    dist.write()
    page_file = site / "index.html"
    dressed = dressed_page(page_file.read_text(), look)
    for file in site.glob("index.html*"):  # its compressed twins too
        file.unlink()
    page_file.write_text(dressed)
    server = SiteServer(site, port=0)
    server.start()
    try:
        page = visitor(browser, chats=False).new_page()
        page.goto(server.url)
        wait_ready(page)
        expect(page).to_have_title("Clerk")
        expect(page.get_by_test_id("first-words")).to_have_text("Good day.")
        expect(page.get_by_test_id("agent-name")).to_have_text("Clerk")
        expect(page.get_by_test_id("go-vision")).to_have_count(0)
        told = page.evaluate("async () => (await alcove.agents.list())[0]")
        assert (told["id"], told["builtIn"], [tool["name"] for tool in told["tools"]]) == (
            "site",
            True,
            ["clock"],
        )
    finally:
        server.stop()
