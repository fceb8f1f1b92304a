"""A person adds an MCP server, and a conversation has its tools: asked for first, stopped, and missed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conversation import ask
from echo_server import begin_conversation
from mcp_server import notes_server
from page_checks import accessibility_problems
from playwright.sync_api import Page, expect
from sign_in_servers import guarded_server
from tool_server import tool_server
from waiting import wait_until


def send(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


@pytest.mark.journey
def test_a_person_adds_a_server_and_a_conversation_has_its_tools(new_page: Callable[..., Page]) -> None:
    with tool_server() as url:
        page = new_page("#vision")
        refused: list[str] = []
        page.on("console", lambda said: "Content Security" in said.text and refused.append(said.text))
        conversation = begin_conversation(page, url, "nothing {}")
        page.goto(page.url.partition("#")[0] + f"#c={conversation}")
        expect(page.get_by_test_id("message-assistant")).to_contain_text("Done.")
        with notes_server() as notes:
            page.get_by_test_id("tools").click()
            sheet = page.get_by_test_id("tools-sheet")
            sheet.get_by_text("Add a server").click()
            sheet.get_by_test_id("mcp-url").fill(notes.replace("/mcp", "/nothing"))
            sheet.get_by_test_id("mcp-save").click()
            expect(sheet.get_by_test_id("mcp-failure")).to_contain_text("speaks no MCP")
            sheet.get_by_test_id("mcp-url").fill(notes)
            sheet.get_by_test_id("mcp-name").fill("Notes")
            sheet.get_by_test_id("mcp-token").fill("hush-hush")
            sheet.get_by_test_id("mcp-save").click()
            expect(sheet.get_by_test_id("mcp-state")).to_contain_text("11 tools · 1 prompt · 1 file")
            sheet.get_by_test_id("mcp-use-notes").check()
            sheet.get_by_text("What it offers").click()
            assert accessibility_problems(page) == []
            sheet.get_by_label("name", exact=True).fill("Ada")
            sheet.get_by_test_id("mcp-prompt").click()
            expect(page.get_by_test_id("composer")).to_have_value("Say hello to Ada.")

            send(page, "mcp_notes_draw {}")
            expect(page.get_by_test_id("approval")).to_contain_text("mcp_notes_draw")
            page.get_by_test_id("approval-option").filter(has_text="Allow in this").click()
            expect(page.get_by_test_id("drawn")).to_be_visible()
            assert "hush-hush" not in page.content()

            send(page, "mcp_notes_slow {}")
            page.get_by_test_id("approval-option").filter(has_text="Allow in this").click()
            expect(page.get_by_test_id("status-line")).to_contain_text("notes: 1 of 3 · Sharpening")
            page.get_by_test_id("stop").click()
            send(page, "mcp_notes_was_cancelled {}")
            page.get_by_test_id("approval-option").filter(has_text="Allow once").click()
            call = page.get_by_test_id("tool-call").last
            expect(call).to_have_attribute("data-state", "done")
            expect(call).to_contain_text("slow")
        page.reload()
        wait_until(page, "window.alcove")
        page.evaluate("alcove.ready")
        ask(page, "mcp_notes_draw {}")
        expect(page.get_by_test_id("turn-notice")).to_contain_text("cannot be reached")
        assert refused == []


_SERVED = """async (baseUrl) => {
  const { portTransport } = await import("./alcove.js");
  await alcove.server.set({ baseUrl, model: "caller" });
  const send = { name: "send", description: "Sends.", inputSchema: {}, execute: () => "sent" };
  const chat = await alcove.openSession({ provider: "openai", tools: ["calculator", send] });
  const { port1, port2 } = new MessageChannel();
  const asked = [];
  await (await alcove.mcp()).serve(port1, {
    chat,
    onApproval: (approval) => {
      asked.push(approval.tool);
      approval.respond(asked.length === 1 ? "Allow once" : "Deny");
    },
  });
  const other = portTransport(port2);
  const waiting = [];
  other.onmessage = ({ result, error }) => waiting.shift()(result ?? error);
  await other.start();
  const ask = (method, params) => new Promise((answered) => {
    waiting.push(answered);
    other.send({ jsonrpc: "2.0", id: waiting.length, method, params });
  });
  const clientInfo = { name: "other page", version: "1" };
  await ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  await other.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  const { tools } = await ask("tools/list", {});
  const call = (name, given) => ask("tools/call", { name, arguments: given });
  const sum = await call("calculator", { expression: "6 * 7" });
  const sent = [await call("send", {}), await call("send", {})];
  return { tools: tools.map(({ name }) => name), asked, sum, sent };
}"""


def test_another_page_has_the_tools_of_a_conversation(new_page: Callable[..., Page]) -> None:
    with tool_server() as url:
        done = new_page("#vision").evaluate(_SERVED, url)
    assert sorted(done["tools"]) == ["calculator", "send"]
    assert "42" in done["sum"]["content"][0]["text"]
    assert done["asked"] == ["send", "send"]
    assert [each["isError"] for each in done["sent"]] == [False, True]
    assert "sent" in done["sent"][0]["content"][0]["text"]


def test_a_person_signs_in_to_a_server_in_a_window_of_its_own(new_page: Callable[..., Page]) -> None:
    with tool_server() as url, guarded_server() as (guarded, asked):
        page = new_page("#vision")
        conversation = begin_conversation(page, url, "nothing {}")
        page.goto(page.url.partition("#")[0] + f"#c={conversation}")
        expect(page.get_by_test_id("message-assistant")).to_contain_text("Done.")
        page.get_by_test_id("tools").click()
        sheet = page.get_by_test_id("tools-sheet")
        sheet.get_by_text("Add a server").click()
        sheet.get_by_test_id("mcp-url").fill(guarded)
        sheet.get_by_test_id("mcp-name").fill("Known")
        sheet.get_by_test_id("mcp-save").click()
        expect(sheet.get_by_test_id("mcp-sign-in")).to_be_visible()
        assert asked == ["/.well-known/oauth-authorization-server"] or not asked
        with page.context.expect_page() as opened:
            sheet.get_by_test_id("mcp-sign-in").click()
        window = opened.value
        window.get_by_text("I am Ada").click()
        expect(sheet.get_by_test_id("mcp-state").last).to_contain_text("1 tool")
        assert "token-of-ada" not in page.content()
        sheet.get_by_test_id("mcp-use-known").check()
        page.keyboard.press("Escape")
        send(page, "mcp_known_whoami {}")
        page.get_by_test_id("approval-option").filter(has_text="Allow once").click()
        call = page.get_by_test_id("tool-call").last
        expect(call).to_have_attribute("data-state", "done")
        expect(call).to_contain_text("Ada")
        assert "/token" in asked


def test_the_page_that_a_sign_in_comes_back_to_tells_the_tab(
    new_page: Callable[..., Page],
) -> None:
    page = new_page("#vision")
    page.evaluate(
        """() => {
          const channel = new BroadcastChannel("alcove-sign-in");
          window.said = new Promise((told) => { channel.onmessage = ({ data }) => told(data); });
        }"""
    )
    back = page.context.new_page()
    back.goto(page.url.partition("#")[0] + "signed-in/index.html?code=once&state=mine")
    assert page.evaluate("said") == {"code": "once", "state": "mine"}
    back.close()
