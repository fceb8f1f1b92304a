"""What a person does in the chat, and what a script does with `window.alcove`."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from browsers import FIXTURES
from playwright.sync_api import Error, Locator, Page, expect
from waiting import wait_until

# Collects the events of one turn; what was thrown comes back as `error`.
_TURN = """
async ({ key, text, stopAfter, abortAfterMs }) => {
  const chat = window[key];
  const controller = new AbortController();
  const events = [];
  const times = [];
  if (abortAfterMs !== null) setTimeout(() => controller.abort(), abortAfterMs);
  let error = null;
  const started = performance.now();
  try {
    const turn = text === null ? chat.retry({ signal: controller.signal })
                               : chat.send(text, { signal: controller.signal });
    for await (const event of turn) {
      events.push({ ...event, respond: undefined });
      times.push(performance.now() - started);
      if (event.type === "text" && stopAfter !== null &&
          events.filter((seen) => seen.type === "text").length === stopAfter) chat.cancel();
    }
  } catch (thrown) {
    error = { name: thrown.name, code: thrown.code, message: thrown.message, action: thrown.action };
  }
  return { events, times, error, ms: performance.now() - started };
}
"""


# The small model likes to talk; a test has no time for that.
_LIMITED = "plan: {{ providers: [{{ module: 'provider-llamacpp', config: {{ max_tokens: {} }} }}] }}"


def open_session(page: Page, options: str = "", *, key: str = "chat", max_tokens: int = 32) -> str:
    """Opens a conversation with short answers as `window[key]`. Returns its id.

    `options` are further fields of the options of `openSession`, as JavaScript.
    """
    opening = f"window.{key} = await alcove.openSession({{ {_LIMITED.format(max_tokens)}, {options} }});"
    return page.evaluate(f"async () => {{ {opening} return {key}.id; }}")


# A model that calls the tools that a message tells it to.
SCRIPTED_PLAN = "{ providers: [{ module: 'provider-scripted' }] }"


def mount_scripted_provider(page: Page) -> None:
    """Python has the module of SCRIPTED_PLAN from then on."""
    page.evaluate("(code) => alcove.python.run(code)", (FIXTURES / "scripted_provider.py").read_text())


def call_of(tool: str, **arguments: Any) -> str:
    """The message that has the scripted provider call `tool`."""
    return json.dumps({"call": tool, "arguments": arguments})


def turn(
    page: Page,
    text: str | None,
    *,
    key: str = "chat",
    stop_after: int | None = None,
    abort_after_ms: float | None = None,
) -> dict[str, Any]:
    """Runs one turn (a retry when `text` is None): {events, times, error, ms}."""
    return page.evaluate(
        _TURN, {"key": key, "text": text, "stopAfter": stop_after, "abortAfterMs": abort_after_ms}
    )


def said(result: dict[str, Any]) -> str:
    """The text that a turn streamed."""
    return "".join(event["text"] for event in result["events"] if event["type"] == "text")


def ask(page: Page, text: str) -> Locator:
    """Types a message, sends it and waits for the whole answer."""
    before = page.get_by_test_id("message-assistant").count()
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-assistant")).to_have_count(before + 1)
    wait_answered(page)
    return page.get_by_test_id("message-assistant").last


def start_answer(page: Page, text: str) -> Locator:
    """Types a message, sends it and waits for the first words of the answer."""
    before = page.get_by_test_id("message-assistant").count()
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("message-assistant")).to_have_count(before + 1)
    answer = page.get_by_test_id("message-assistant").last
    expect(answer.locator("markdown-view")).not_to_be_empty()
    return answer


def stop(page: Page) -> None:
    """Presses stop and waits until the answer has ended."""
    page.get_by_test_id("stop").click()
    wait_answered(page)


def cut_short(page: Page) -> None:
    """Stops an answer that nobody waits for; a short one may have ended by itself."""
    with contextlib.suppress(Error):
        page.get_by_test_id("stop").click(timeout=1000)
    wait_answered(page)


# The end of an answer is drawn in a later frame than what stands around it.
_DRAWN = r"""[...document.querySelectorAll("markdown-view")].every((view) => {
  const end = (text) => text.replace(/[^\p{L}]/gu, "").slice(-8);
  return end(view.textContent) === end(view.text);
})"""


def drawn(page: Page, answer: Locator) -> str:
    """What stands on the page of an answer in prose, once all of it is drawn."""
    wait_until(page, _DRAWN)
    return answer.inner_text()


def wait_answered(page: Page) -> None:
    """Waits until no answer is being written."""
    expect(page.get_by_test_id("stop")).to_have_count(0)
