"""Pictures in a chat: through `chat.send`, and as a person attaches them on the page."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conversation import open_session, wait_answered
from page_checks import accessibility_problems
from pictures import disc, file
from PIL import Image
from playwright.sync_api import Page, expect
from waiting import wait_ready

_TURN = """
async ({ text, images, key }) => {
  const chat = window[key];
  const blobs = images.map((image) => new Blob([Uint8Array.from(atob(image), (c) => c.charCodeAt(0))]));
  const events = [];
  let error = null;
  try {
    for await (const event of chat.send(text, { images: blobs }))
      events.push({ ...event, respond: undefined });
  } catch (thrown) {
    error = { code: thrown.code, message: thrown.message, action: thrown.action };
  }
  return { events, error, history: await chat.history() };
}
"""


def send(page: Page, text: str, *images: bytes, key: str = "chat") -> dict[str, Any]:
    encoded = [base64.b64encode(image).decode() for image in images]
    return page.evaluate(_TURN, {"text": text, "images": encoded, "key": key})


def of(result: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in result["events"] if event["type"] == kind]


def test_a_text_model_is_told_what_the_vision_model_saw(shared: Page) -> None:
    open_session(shared, max_tokens=8)
    result = send(shared, "What is in the picture?", disc(), disc("blue"))
    assert result["error"] is None
    seen = of(result, "picture")
    assert [event["picture"] for event in seen] == [0, 1]
    assert {event["model"] for event in seen} == {"scene-vlm"}
    blocks = result["history"][0]["content"]
    assert [block["type"] for block in blocks] == ["image", "image", "text"]
    assert blocks[0]["source"]["media_type"] == "image/png"
    assert blocks[0]["description"] == seen[0]["description"]
    assert blocks[0]["described_by"] == "scene-vlm"
    # Both models stay: a second picture loads nothing.
    again = send(shared, "And this?", disc("green"))
    assert [event["picture"] for event in of(again, "picture")] == [2]
    assert of(again, "end")
    # A resumed conversation has its pictures, and looks at none of them again.
    chat_id = shared.evaluate("chat.id")
    shared.evaluate("chat.close()")
    open_session(shared, f"resume: {chat_id!r}", max_tokens=8)
    third = send(shared, "Thank you.")
    assert third["error"] is None
    assert of(third, "picture") == []


def test_a_model_that_sees_gets_the_picture_itself(shared: Page) -> None:
    chat_id = shared.evaluate(
        """async () => { window.seeing = await alcove.openSession({ model: "scene-vlm",
             plan: { providers: [{ module: "provider-llamacpp",
                                   config: { model: "scene-vlm", max_tokens: 8 } }] } });
             return seeing.id; }"""
    )
    result = send(shared, "Describe the picture.", disc(), key="seeing")
    assert result["error"] is None
    assert of(result, "picture") == []
    assert of(result, "usage")[0]["promptTokens"] > 30
    assert "description" not in result["history"][0]["content"][0]
    # The same conversation goes on with a model that cannot see: the picture is described then.
    shared.evaluate("seeing.close()")
    open_session(shared, f"resume: {chat_id!r}, model: 'smollm2-135m-instruct'", max_tokens=8)
    reading = send(shared, "What colour was it?")
    assert reading["error"] is None
    assert [event["picture"] for event in of(reading, "picture")] == [0]
    assert reading["history"][0]["content"][0]["described_by"] == "scene-vlm"


@pytest.mark.parametrize(
    ("images", "code"),
    [([b"not a picture"], "bad-request"), ([disc()] * 5, "bad-request"), ([disc()[:60]], "bad-request")],
)
def test_what_cannot_be_sent_is_refused_before_anything_happens(shared: Page, images, code: str) -> None:
    open_session(shared, max_tokens=8)
    result = send(shared, "Look", *images)
    assert result["error"]["code"] == code
    assert result["error"]["action"]
    assert result["history"] == []
    assert result["events"] == []


def test_pictures_are_made_small_and_keep_nothing_of_their_file(shared: Page) -> None:
    image = Image.open(io.BytesIO(disc(size=(3000, 1500), kind="JPEG")))
    exif = image.getexif()
    exif[0x0112] = 6  # on its side
    exif[0x010F] = "Secret camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    open_session(shared, max_tokens=4)
    kept = send(shared, "Look", out.getvalue())["history"][0]["content"][0]["source"]
    data = base64.b64decode(kept["data"])
    assert kept["media_type"] in {"image/jpeg", "image/png"}
    assert b"Secret camera" not in data
    assert Image.open(io.BytesIO(data)).size == (512, 1024)


def test_every_form_of_a_picture(shared: Page) -> None:
    open_session(shared, max_tokens=4)
    kinds = shared.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(40, 30);
          const context = canvas.getContext("2d");
          context.fillStyle = "red";
          context.fillRect(0, 0, 20, 30);
          const blob = await canvas.convertToBlob();
          const bitmap = await createImageBitmap(blob);
          const pixels = { data: new Uint8Array(2 * 2 * 3).fill(200), width: 2, height: 2 };
          const images = [canvas, bitmap, pixels, blob];
          for await (const event of chat.send("", { images }));
          return (await chat.history())[0].content.map(({ type, source }) => [type, source.media_type]);
        }"""
    )
    assert kinds == [["image", "image/png"]] * 4
    # A title without words is what the picture shows.
    assert shared.evaluate("alcove.conversations.list().then(([first]) => first.title)")


# --- the page -------------------------------------------------------------------------------------------


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of its own: what waits to be sent would wait in the next test too. Python may be starting."""
    return new_page(wait=False)


def attach(page: Page, *files: dict[str, Any] | Path) -> None:
    page.get_by_test_id("picture-files").set_input_files(list(files))


def send_and_stop(page: Page, text: str) -> None:
    """Sends what the composer holds and stops the answer once the pictures were looked at."""
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("picture-seen").last).to_be_visible()
    page.get_by_test_id("stop").or_(page.get_by_test_id("retry")).first.click()
    wait_answered(page)


def test_a_person_attaches_removes_and_sends(page: Page) -> None:
    wait_ready(page)
    send_button = page.get_by_test_id("send")
    expect(send_button).to_be_disabled()
    attach(page, file("a.png", "image/png", disc()), file("b.png", "image/png", disc("blue")))
    expect(page.get_by_test_id("thumbnail")).to_have_count(2)
    expect(send_button).to_be_enabled()
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.get_by_test_id("thumbnail")).to_have_count(1)
    expect(page.get_by_test_id("composer")).to_be_focused()
    assert accessibility_problems(page) == []
    # A reload keeps what waits.
    page.get_by_test_id("composer").fill("What is it?")
    page.reload()
    expect(page.get_by_test_id("thumbnail")).to_have_count(1)
    expect(page.get_by_test_id("composer")).to_have_value("What is it?")
    send_and_stop(page, "What is it?")
    expect(page.get_by_test_id("thumbnail")).to_have_count(0)
    expect(page.get_by_test_id("message-picture")).to_have_count(1)
    seen = page.get_by_test_id("picture-seen")
    expect(seen).to_contain_text("scene-vlm looked at it:")
    assert seen.get_attribute("open") is None
    seen.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(seen).to_have_attribute("open", "")
    assert accessibility_problems(page) == []
    # The history shows it after a reload.
    page.reload()
    expect(page.get_by_test_id("message-picture")).to_have_count(1)
    expect(page.get_by_test_id("picture-seen")).to_contain_text("scene-vlm looked at it:")
    expect(page.get_by_test_id("message-user")).to_have_text("What is it?")


def test_what_cannot_be_attached_says_why(page: Page, tmp_path: Path) -> None:
    problem = page.get_by_test_id("picture-problem")
    attach(page, file("notes.png", "image/png", b"only words"))
    expect(problem).to_contain_text("notes.png: This is not a picture that the browser can read.")
    expect(page.get_by_test_id("thumbnail")).to_have_count(0)
    attach(page, *(file(f"{i}.png", "image/png", disc(size=(60 + i, 50))) for i in range(5)))
    expect(page.get_by_test_id("thumbnail")).to_have_count(4)
    expect(problem).to_have_text("A message takes 4 pictures at most.")
    page.get_by_role("button", name="Remove picture 4").click()
    expect(problem).to_have_count(0)
    big = tmp_path / "big.png"
    big.write_bytes(disc())
    os.truncate(big, 51_000_000)
    attach(page, big)  # by its path: as bytes it would travel for most of a minute
    expect(problem).to_contain_text("over 50 MB")


def transfer(page: Page, selector: str, event: str, data: bytes) -> None:
    """Drops or pastes a picture."""
    page.evaluate(
        """([selector, event, encoded]) => {
            const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "a.png", { type: "image/png" }));
            const init = { bubbles: true, cancelable: true };
            const target = document.querySelector(selector);
            target.dispatchEvent(event === "paste"
              ? new ClipboardEvent("paste", { ...init, clipboardData: data })
              : new DragEvent(event, { ...init, dataTransfer: data }));
        }""",
        [selector, event, base64.b64encode(data).decode()],
    )


def test_paste_and_drop(page: Page) -> None:
    transfer(page, "textarea", "paste", disc())
    expect(page.get_by_test_id("thumbnail")).to_have_count(1)
    transfer(page, ".scroll", "dragover", disc("blue"))
    expect(page.locator(".drop-hint")).to_be_visible()
    transfer(page, ".scroll", "drop", disc("blue"))
    expect(page.get_by_test_id("thumbnail")).to_have_count(2)
    expect(page.locator(".drop-hint")).to_be_hidden()
    assert page.url.startswith("http")


def test_a_picture_that_cannot_be_looked_at_stays_the_persons(page: Page) -> None:
    """The message fails before the model is asked; trying again, or editing, has the text and the picture."""
    wait_ready(page)
    page.evaluate(
        """() => { const open = alcove.openVision.bind(alcove); window.blind = true;
             alcove.openVision = (options) => blind
               ? Promise.reject(Object.assign(new Error("No eyes today."), { code: "unsupported" }))
               : open(options); }"""
    )
    attach(page, file("a.png", "image/png", disc()))
    page.get_by_test_id("composer").fill("What is it?")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("error")).to_be_visible()
    expect(page.get_by_test_id("message-picture")).to_have_count(1)
    page.reload()
    expect(page.get_by_test_id("message-picture")).to_have_count(1)
    page.get_by_test_id("composer").fill("And now?")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("picture-seen")).to_have_count(1)
    page.get_by_test_id("stop").or_(page.get_by_test_id("retry")).first.click()


def test_on_a_phone(new_page) -> None:
    page = new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    attach(page, *(file(f"{i}.png", "image/png", disc()) for i in range(4)))
    expect(page.get_by_test_id("thumbnail")).to_have_count(4)
    switch = page.get_by_test_id("look-switch")
    switch.click()
    expect(page.get_by_role("switch", name="Let it look")).to_have_attribute("aria-checked", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_test_id("composer").bounding_box()["width"] > 180
    assert accessibility_problems(page) == []
