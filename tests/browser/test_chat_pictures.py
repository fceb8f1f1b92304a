"""Pictures in a chat: through `chat.send`, and as a person attaches them on the page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from chat import open_session
from PIL import Image, ImageDraw
from playwright.sync_api import Page

_TURN = """
async ({ text, images, key }) => {
  const chat = window[key];
  const blobs = images.map((image) => new Blob([Uint8Array.from(atob(image), (c) => c.charCodeAt(0))]));
  const events = [];
  let error = null;
  try {
    for await (const event of chat.send(text, { images: blobs })) events.push({ ...event, respond: undefined });
  } catch (thrown) {
    error = { code: thrown.code, message: thrown.message, action: thrown.action };
  }
  return { events, error, history: await chat.history() };
}
"""


def scene(colour: str = "red", *, size: tuple[int, int] = (200, 160), kind: str = "PNG") -> bytes:
    """A picture of one disc."""
    image = Image.new("RGB", size, "white")
    width, height = size
    box = (width * 0.3, height * 0.2, width * 0.7, height * 0.8)
    ImageDraw.Draw(image).ellipse(box, fill=colour)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def send(page: Page, text: str, *images: bytes, key: str = "chat") -> dict[str, Any]:
    import base64

    encoded = [base64.b64encode(image).decode() for image in images]
    return page.evaluate(_TURN, {"text": text, "images": encoded, "key": key})


def of(result: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in result["events"] if event["type"] == kind]


def test_a_text_model_is_told_what_the_vision_model_saw(shared: Page) -> None:
    open_session(shared, max_tokens=8)
    result = send(shared, "What is in the picture?", scene(), scene("blue"))
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
    again = send(shared, "And this?", scene("green"))
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
             plan: { providers: [{ module: "provider-llamacpp", config: { model: "scene-vlm", max_tokens: 8 } }] } });
             return seeing.id; }"""
    )
    result = send(shared, "Describe the picture.", scene(), key="seeing")
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
    [([b"not a picture"], "bad-request"), ([scene()] * 5, "bad-request"), ([scene()[:60]], "bad-request")],
)
def test_what_cannot_be_sent_is_refused_before_anything_happens(shared: Page, images, code: str) -> None:
    open_session(shared, max_tokens=8)
    result = send(shared, "Look", *images)
    assert result["error"]["code"] == code
    assert result["error"]["action"]
    assert result["history"] == []
    assert result["events"] == []


def test_pictures_are_made_small_and_keep_nothing_of_their_file(shared: Page) -> None:
    image = Image.open(io.BytesIO(scene(size=(3000, 1500), kind="JPEG")))
    exif = image.getexif()
    exif[0x0112] = 6  # on its side
    exif[0x010F] = "Secret camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    open_session(shared, max_tokens=4)
    kept = send(shared, "Look", out.getvalue())["history"][0]["content"][0]["source"]
    import base64

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
