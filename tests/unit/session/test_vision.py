"""VisionProcessor and capture over a host of the test's own."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from fakes import PNG, FakeHost

from py_app import session
from py_app.errors import AlcoveError
from py_app.vision import VisionProcessor, capture

PIXEL = base64.b64decode(PNG)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "screenshot.png"
    path.write_bytes(PIXEL)
    return path


def test_a_path_and_bytes_without_await(picture: Path):
    host = FakeHost()
    vision = VisionProcessor(host=host)
    assert vision.process_image(str(picture), "What's on the screen?") == "view 1"
    assert vision.process_image(picture) == "view 2"
    assert vision.process_image(PIXEL) == "view 3"
    assert host.seen[0]["prompt"] == "What's on the screen?"
    assert host.seen[1]["prompt"] == "Can you describe this image?"
    assert all(seen["image"] == {"media_type": "image/png", "data": PNG} for seen in host.seen)
    assert "model" not in host.seen[0]


async def test_await_and_a_model_of_ones_choice(picture: Path):
    host = FakeHost()
    vision = VisionProcessor("smolvlm-256m-instruct-q8_0", host=host)
    assert await vision.process_image_async(picture, "?", max_tokens=7) == "view 1"
    assert (host.seen[0]["model"], host.seen[0]["max_tokens"]) == ("smolvlm-256m-instruct-q8_0", 7)
    await vision.process_image_async(picture, "?", read=False)
    assert [seen["read"] for seen in host.seen] == [True, False]


async def test_where_python_cannot_wait(picture: Path):
    host = FakeHost()
    with pytest.raises(AlcoveError) as caught:
        VisionProcessor(host=host).process_image(picture)
    assert caught.value.data["code"] == "unsupported"
    assert "process_image_async" in caught.value.data["action"]
    assert host.seen == []


@pytest.mark.parametrize("what", ["missing.png", "a folder", "text", b"", b"GIF is what it says"])
async def test_what_is_no_picture(what: str | bytes, tmp_path: Path):
    (tmp_path / "a folder").mkdir()
    (tmp_path / "text").write_text("not a picture")
    image = what if isinstance(what, bytes) else tmp_path / what
    with pytest.raises(AlcoveError) as caught:
        await VisionProcessor(host=FakeHost()).process_image_async(image)
    assert caught.value.data["code"] == "bad-request"
    assert caught.value.data["action"]


async def test_without_a_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "_default_host", None)
    for work in (VisionProcessor().process_image_async(PIXEL), capture("camera")):
        with pytest.raises(AlcoveError) as caught:
            await work
        assert caught.value.data["code"] == "unsupported"


async def test_an_error_of_the_page_keeps_its_words():
    async def refuses(request):
        return {"error": {"code": "engine-crashed", "message": "It stopped.", "action": "Try again."}}

    host = FakeHost()
    host.eye = refuses
    with pytest.raises(AlcoveError, match="It stopped") as caught:
        await VisionProcessor(host=host).process_image_async(PIXEL)
    assert caught.value.data == {"code": "engine-crashed", "message": "It stopped.", "action": "Try again."}


async def test_capture():
    host = FakeHost()
    assert await capture("camera", host=host) == PIXEL
    with pytest.raises(AlcoveError, match="No screen was chosen") as caught:
        await capture("screen", host=host)
    assert caught.value.data["action"] == "Choose one."
