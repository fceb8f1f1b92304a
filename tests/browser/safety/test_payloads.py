"""Some two hundred texts that are scripts in disguise, through every door a text comes in by: none runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from bare_host import bare_host, elsewhere
from browsers import FIXTURES, ROOT
from playwright.sync_api import BrowserContext, Page, expect
from talking_server import TalkingServer, talking
from waiting import wait_ready, wait_until

LIST = (FIXTURES / "xss.txt").read_text().splitlines()
AT_ONCE = 72
BATCHES = math.ceil(len(LIST) / AT_ONCE)
# What a drawn text may never leave behind, wherever it stands. Our own elements have none of it.
TRACES = """() => {
  const found = [];
  const names = "script:not([src^='./assets/']), iframe, frame, object, embed, base, form[action], img, "
    + "video[src], audio, source, track, input[type=image], svg a, foreignObject, use, animate, "
    + "math [href], annotation-xml, maction, mglyph, "
    + "link[rel~=prefetch], meta[http-equiv=refresh], template[shadowrootmode], [style*='url('], [ping], "
    + "[srcset], [formaction]";
  for (const each of document.querySelectorAll(names)) found.push(each.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll("body *")) {
    for (const { name } of each.attributes) if (/^on/i.test(name)) found.push(each.outerHTML.slice(0, 200));
    if (each.matches("a[href]") && !/^(https?|mailto):$/.test(each.protocol)) found.push(each.outerHTML);
    if (each.matches(".prose a") && each.rel !== "noopener noreferrer") found.push(each.outerHTML);
  }
  return found;
}"""
DRAWN_ALONE = """async (payloads) => {
  const column = document.querySelector(".column");
  for (const text of payloads) {
    const view = document.createElement("markdown-view");
    view.className = "prose";
    column.append(view);
    view.text = text;
  }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // The renderer comes with the first answer; nothing is drawn any more when a second has gone by.
  for (let shown = "", same = 0; same < 60; same = column.innerHTML === shown ? same + 1 : 0) {
    shown = column.innerHTML;
    await frame();
  }
  return [...column.querySelectorAll(":scope > markdown-view")].map((view) => view.textContent.trim());
}"""


@pytest.fixture(scope="module")
def foreign() -> Iterator[tuple[str, list[str]]]:
    with elsewhere() as both:
        yield both


@pytest.fixture(scope="module")
def payloads(foreign: tuple[str, list[str]]) -> list[str]:
    host = foreign[0].removeprefix("http://").rstrip("/")
    texts = [line.replace("AWAYHOST", host).replace("AWAY", foreign[0]) for line in LIST]
    return [
        text.replace("RUN", "window.ran=1")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\u0000", "\0")
        .replace("\\u0001", "\x01")
        .replace("\\u202e", "\u202e")
        for text in texts
    ]


@pytest.fixture
def page(onlooker: BrowserContext) -> Iterator[Page]:
    """
    On a host that sends no headers, where the policy that the page brings is all there is: what a host adds
    to it is in test_content_policy.py.
    """
    with bare_host(ROOT / "dist") as url:
        page = onlooker.new_page()
        page.goto(url)
        wait_ready(page)
        yield page


def batch(payloads: list[str], number: int) -> str:
    return "\n\n".join(payloads[number * AT_ONCE : (number + 1) * AT_ONCE])


def replying(payloads: list[str]) -> TalkingServer:
    def reply(messages: list[dict[str, Any]]) -> str | list[tuple[str, str]] | dict[str, Any]:
        if messages[-1]["role"] == "tool":
            return "Done."
        asked, _, number = next(m["content"] for m in reversed(messages) if m["role"] == "user").partition(
            " "
        )
        if asked == "text":
            return batch(payloads, int(number))
        if asked == "call":
            some = payloads[int(number) * AT_ONCE : (int(number) + 1) * AT_ONCE]
            return [(text, json.dumps({text: text})) for text in some]
        if asked == "fail":
            return {"error": {"message": batch(payloads, int(number)), "type": "x"}}
        return "Fine."

    return TalkingServer(reply, payloads)


IMPORTED = """async ([file]) => {
  const { refused } = await alcove.conversations.import(new Blob([file]));
  if (refused.length) throw new Error(JSON.stringify(refused));
}"""


def archive(payloads: list[str]) -> dict[str, Any]:
    """As an export holds them: in titles, in what either side says, in names and results of tools."""

    def conversation(number: int) -> dict[str, Any]:
        first, text = payloads[number * AT_ONCE], batch(payloads, number)
        call = {"id": first, "name": first, "tool": first, "arguments": {first: text}}
        messages = [
            {"role": "user", "content": text},
            {"role": "assistant", "content": text, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": first, "name": first, "content": text},
            {"role": "assistant", "content": [{"type": "text", "text": text}]},
        ]
        when = "2026-01-01T00:00:00Z"
        about = {"id": f"imported-{number}", "title": text, "provider": first, "model": first, "system": text}
        return {**about, "created": when, "updated": when, "messages": messages}

    conversations = [conversation(number) for number in range(BATCHES)]
    return {"format": "alcove-conversations", "version": 1, "conversations": conversations}


def ask(page: Page, text: str) -> None:
    """Sends a message and waits until its turn is over."""
    thread = "document.querySelector('alcove-app').workbench.thread"
    before = page.evaluate(f"{thread}.entries.length")
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    wait_until(page, f"{thread}.entries.length > {before} && !{thread}.busy")


def harmless(page: Page, foreign: tuple[str, list[str]], door: str) -> None:
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")
    assert page.evaluate("window.ran") is None, door
    assert foreign[1] == [], door
    assert page.evaluate(TRACES) == [], door


def test_none_runs_through_any_door(page: Page, payloads: list[str], foreign: tuple[str, list[str]]) -> None:
    assert len(payloads) >= 150
    drawn = page.evaluate(DRAWN_ALONE, payloads)
    assert sum(map(bool, drawn)) > len(payloads) - 10, "what is drawn is text"
    harmless(page, foreign, "an answer, each drawn alone")
    page.evaluate("document.querySelectorAll('.column > markdown-view').forEach((view) => view.remove())")

    with talking(replying(payloads)) as server:
        access = {"baseUrl": server.url, "model": payloads[0], "apiKey": ""}
        page.evaluate("(access) => alcove.server.set(access)", access)
        use = "document.querySelector('alcove-app').workbench.use({ provider: 'openai' })"
        page.evaluate(use)
        for kind in ("text", "call"):
            for number in range(BATCHES):
                ask(page, f"{kind} {number}")
                page.evaluate("document.querySelectorAll('details').forEach((row) => { row.open = true; })")
                harmless(page, foreign, kind)
        for number in range(BATCHES):
            ask(page, f"fail {number}")
            expect(page.get_by_test_id("error")).to_be_visible()
            harmless(page, foreign, "an error of the server")
        for number in range(BATCHES):
            ask(page, batch(payloads, number))
            harmless(page, foreign, "what a person says")

        page.get_by_test_id("model-button").click()
        page.get_by_test_id("tab-server").click()
        page.get_by_test_id("server-check").click()
        expect(page.get_by_test_id("server-word")).to_contain_text(payloads[-1].strip()[-8:])
        harmless(page, foreign, "a name in the list of a server's models")
        page.keyboard.press("Escape")

    page.evaluate(
        """async (payloads) => {
          const [{ id }] = await alcove.conversations.list();
          for (const title of payloads) {
            await alcove.conversations.rename(id, title);
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
        }""",
        payloads,
    )
    harmless(page, foreign, "a title")
    page.evaluate(
        """async (payloads) => {
          const field = document.querySelector("[data-testid=picture-files]");
          for (const name of payloads) {
            const files = new DataTransfer();
            files.items.add(new File(["no picture"], name, { type: "image/png" }));
            field.files = files.files;
            field.dispatchEvent(new Event("change", { bubbles: true }));
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          }
        }""",
        payloads,
    )
    expect(page.get_by_test_id("picture-problem")).to_be_visible()
    harmless(page, foreign, "a file's name")

    page.evaluate(IMPORTED, [json.dumps(archive(payloads))])
    for number in range(BATCHES):
        page.evaluate(f"document.querySelector('alcove-app').workbench.open('imported-{number}')")
        expect(page.get_by_test_id("message-user")).to_have_count(1)
        page.evaluate("document.querySelectorAll('details').forEach((row) => { row.open = true; })")
        harmless(page, foreign, "a conversation that was imported")

    # Names of models are kept with the settings, as a file that was imported has them.
    page.evaluate(
        """async (payloads) => {
          const ask = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const db = await ask(indexedDB.open("alcove"));
          const models = payloads.map((name, index) => ({
            id: `local-${index}`, name, engine: "llamacpp", family: name, license: name, about: name,
            context: 2048, system: "", goodFor: [name],
            files: [{ url: `local:${name}`, bytes: 1, sha256: String(index).padStart(64, "0") }],
          }));
          const settings = db.transaction("settings", "readwrite").objectStore("settings");
          await ask(settings.put(models, "imported-models"));
          db.close();
        }""",
        payloads,
    )
    page.reload()
    wait_ready(page)
    harmless(page, foreign, "what was kept, drawn anew")
    page.get_by_test_id("model-button").click()
    expect(page.get_by_test_id("models")).to_contain_text(payloads[0])
    harmless(page, foreign, "a model's name")
