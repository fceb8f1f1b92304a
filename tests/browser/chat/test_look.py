"""The `look` tool, through Chromium's fake camera and screen: for page authors, and as a switch in the chat.

A provider of the test's own makes the call that a model would make: what is tested is the way, not the wits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import visitor
from conversation import SCRIPTED_PLAN, call_of, mount_scripted_provider, wait_answered
from pictures import disc
from playwright.sync_api import Browser, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

# Every stream that the browser gives is kept, and the page's own sessions are answered by this provider.
_PREPARE = f"""() => {{
  window.streams = [];
  window.dark = false;
  for (const name of ["getUserMedia", "getDisplayMedia"]) {{
    const original = navigator.mediaDevices[name].bind(navigator.mediaDevices);
    navigator.mediaDevices[name] = async (wish) => {{
      const stream = window.dark
        ? document.createElement("canvas").captureStream(0) : await original(wish);
      streams.push(stream);
      return stream;
    }};
  }}
  window.live = () => streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length;
  const open = alcove.openSession.bind(alcove);
  window.opened = [];
  alcove.openSession = (options) => {{
    opened.push((options.tools ?? []).map(({{ name }}) => name));
    return open({{ ...options, plan: {SCRIPTED_PLAN} }});
  }};
}}"""
_LOOK = """async ({ url, text, images, answer }) => {
  const { lookTool } = await import(url);
  const chat = await alcove.openSession({ tools: [lookTool(alcove)] });
  const asked = [], tools = [];
  let said = "";
  for await (const event of chat.send(text, { images })) {
    if (event.type === "approval") {
      asked.push(event.prompt);
      await event.respond(event.options.find((option) => option.toLowerCase().startsWith(answer)));
    }
    if (event.type === "tool") tools.push(event);
    if (event.type === "text") said += event.text;
  }
  await chat.close();
  return { asked, tools, said, streams: streams.length, live: live() };
}"""


def prepared(browser: Browser, site: SiteServer) -> Page:
    page = visitor(browser, chats=False).new_page()
    page.goto(site.url)
    wait_ready(page)
    mount_scripted_provider(page)
    page.evaluate(_PREPARE)
    return page


@pytest.fixture(scope="module")
def page(red_camera: Browser, site: SiteServer) -> Iterator[Page]:
    page = prepared(red_camera, site)
    yield page
    page.context.close()


def look_at(source: str) -> str:
    """The message that has the model look."""
    return call_of("look", source=source, question="What do you see?")


def look(
    page: Page, site: SiteServer, source: str, *, images: str = "[]", answer: str = "allow"
) -> dict[str, Any]:
    pictures = page.evaluate(images)
    page.evaluate("streams.length = 0")
    asked = {"url": site.url + "alcove.js", "text": look_at(source), "images": pictures, "answer": answer}
    return page.evaluate(_LOOK, asked)


def test_the_camera_is_looked_through_once_and_freed(page: Page, site: SiteServer) -> None:
    result = look(page, site, "camera")
    assert len(result["asked"]) == 1
    assert "look" in result["asked"][0]
    done = result["tools"][-1]
    assert done["success"] is True
    assert done["result"]["model"] == "scene-vlm"
    assert done["result"]["description"]
    assert "scene-vlm" in result["said"]
    assert (result["streams"], result["live"]) == (1, 0)


def test_the_screen(page: Page, site: SiteServer) -> None:
    result = look(page, site, "screen")
    assert result["tools"][-1]["success"] is True, result
    assert (result["streams"], result["live"]) == (1, 0)


_DOT = """(() => { const canvas = document.createElement("canvas"); canvas.width = canvas.height = 64;
             canvas.getContext("2d").fillRect(16, 16, 32, 32); return [canvas.toDataURL()]; })()"""


def test_the_picture_that_was_attached(page: Page, site: SiteServer) -> None:
    result = look(page, site, "picture", images=_DOT)
    assert result["tools"][-1]["success"] is True, result
    assert result["streams"] == 0
    nothing = look(page, site, "picture")
    assert nothing["tools"][-1]["success"] is False
    assert "No picture is attached" in nothing["said"]


def test_what_is_not_allowed_does_not_look(page: Page, site: SiteServer) -> None:
    result = look(page, site, "camera", answer="deny")
    assert result["tools"][-1]["success"] is False
    assert result["streams"] == 0
    assert "refused" in result["said"]


def test_a_missing_camera_is_a_result_that_the_model_reads(browser: Browser, site: SiteServer) -> None:
    page = prepared(browser, site)
    result = look(page, site, "camera")
    assert result["tools"][-1]["success"] is False
    assert "camera" in result["said"].lower()
    assert "AlcoveError" not in result["said"]
    page.context.close()


def test_the_switch_in_the_composer(page: Page) -> None:
    page.get_by_test_id("new-chat").click()
    switch = page.get_by_test_id("look-switch")
    expect(switch).to_have_attribute("aria-checked", "false")
    # Twice: the page opened its session before the test's provider was there.
    switch.click()
    switch.click()
    page.get_by_test_id("composer").fill(look_at("camera"))
    page.get_by_test_id("send").click()
    wait_answered(page)
    assert page.evaluate("opened.at(-1)") == []
    expect(page.get_by_test_id("message-assistant")).to_contain_text("I have no look.")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.get_by_test_id("composer").fill(look_at("camera"))
    page.get_by_test_id("send").click()
    page.get_by_test_id("approval-option").first.click()
    wait_answered(page)
    assert page.evaluate("opened.at(-1)") == ["look"]
    last = page.get_by_test_id("message-assistant").last
    expect(last).to_contain_text("It gave")
    expect(last.get_by_test_id("tool-call")).to_have_attribute("data-state", "done")
    expect(page.get_by_test_id("message-user")).to_have_count(2)
    # It is this conversation's: another one starts without it.
    page.get_by_test_id("new-chat").click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_stopping_while_it_looks_frees_the_camera(page: Page) -> None:
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("look-switch").click()
    # A camera that never gives a picture: nothing but the stop ends the look.
    page.evaluate("streams.length = 0, window.dark = true")
    page.get_by_test_id("composer").fill(look_at("camera"))
    page.get_by_test_id("send").click()
    page.get_by_test_id("approval-option").first.click()
    wait_until(page, "live() === 1")
    page.get_by_test_id("stop").click()
    wait_answered(page)
    wait_until(page, "live() === 0")
    page.evaluate("window.dark = false")
    tool = page.get_by_test_id("message-assistant").last.get_by_test_id("tool-call")
    expect(tool).not_to_have_attribute("data-state", "done")


def test_a_picture_of_the_composer_can_be_looked_at_again(page: Page) -> None:
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("look-switch").click()
    page.get_by_test_id("picture-files").set_input_files(
        [{"name": "disc.png", "mimeType": "image/png", "buffer": disc()}]
    )
    expect(page.get_by_test_id("thumbnail")).to_have_count(1)
    page.get_by_test_id("composer").fill(look_at("picture"))
    page.get_by_test_id("send").click()
    page.get_by_test_id("approval-option").first.click()
    wait_answered(page)
    expect(page.get_by_test_id("message-assistant")).to_contain_text("scene-vlm")
