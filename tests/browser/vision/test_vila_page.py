"""Frames of the camera to a ViLA server: the person's consent, the sign, the replies, and the key."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator

import pytest
from browsers import FIXTURES, visitor
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from vision_tab import WITNESS
from waiting import wait_for, wait_ready
from websockets.sync.server import Server, ServerConnection, serve

from build_steps.serve import SiteServer

KEY = "om1_live_of_this_test"


class Vila:
    """A ViLA server that says how large the newest frame is, and of which colour its middle."""

    def __init__(self) -> None:
        self.frames = 0
        self.open = 0
        """Connections."""
        self.refuses = False
        self.replies = 1_000_000
        """After so many it ends the connection."""
        self.paths: list[str] = []
        self._server: Server = serve(self._talk, "127.0.0.1", 0, compression=None)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _talk(self, socket: ServerConnection) -> None:
        assert socket.request
        self.paths.append(socket.request.path)
        if self.refuses:
            socket.close(1008, "wrong key")
            return
        self.open += 1
        try:
            self._see(socket)
        finally:
            self.open -= 1

    def _see(self, socket: ServerConnection) -> None:
        for message in socket:
            told = json.loads(message)
            assert isinstance(told["timestamp"], float)
            self.frames += 1
            if self.frames % 5 == 1:
                picture = Image.open(io.BytesIO(base64.b64decode(told["frame"])))
                red, green, blue = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
                colour = "red" if red > 2 * max(green, blue) else "something else"
                socket.send(json.dumps({"vlm_reply": f"{picture.format} {picture.size} {colour}"}))
                self.replies -= 1
                if self.replies == 0:
                    socket.close()

    def close(self) -> None:
        self._server.shutdown()


@pytest.fixture
def vila() -> Iterator[Vila]:
    server = Vila()
    yield server
    server.close()


@pytest.fixture(scope="module")
def page(red_camera: Browser, site: SiteServer) -> Iterator[Page]:
    page = visitor(red_camera, chats=False).new_page()
    page.add_init_script(WITNESS)
    page.goto(site.url + "#vision")
    wait_ready(page)
    yield page
    page.context.close()


def test_frames_leave_after_the_person_said_so_and_until_they_stop(page: Page, vila: Vila) -> None:
    page.get_by_test_id("source-camera").click()
    page.get_by_test_id("vila").locator("summary").click()
    page.get_by_test_id("vila-url").fill(f"{vila.url}?api_key={KEY}")
    page.get_by_test_id("vila-save").click()
    page.get_by_test_id("vila-start").click()
    expect(page.get_by_test_id("vila-consent")).to_contain_text(vila.url.removeprefix("ws://"))
    page.get_by_test_id("vila-refuse").click()
    expect(page.get_by_test_id("vila-consent")).to_have_count(0)
    assert (vila.paths, vila.frames) == ([], 0)

    page.get_by_test_id("vila-start").click()
    page.get_by_test_id("vila-allow").click()
    expect(page.get_by_test_id("vila-sign")).to_contain_text("Frames leave this tab")
    expect(page.get_by_test_id("privacy-line")).to_contain_text("Frames go to 127.0.0.1")
    expect(page.get_by_test_id("stage-tag")).to_contain_text("Sent to 127.0.0.1")
    expect(page.get_by_test_id("vila-replies")).to_contain_text("JPEG (640, 480) red")
    assert vila.paths == [f"/?api_key={KEY}"]
    assert KEY not in page.content()
    kept = page.evaluate("async () => (await alcove.vila()).get()")
    assert kept == {"url": f"{vila.url}/", "host": vila.url.removeprefix("ws://"), "hasKey": True}

    page.get_by_test_id("vila-stop").click()
    expect(page.get_by_test_id("vila-sign")).to_have_count(0)
    expect(page.get_by_test_id("privacy-line")).to_have_text("Nothing leaves this device.")
    wait_for(page, lambda: vila.open == 0, "no frame has a way any more")
    assert len(vila.paths) == 1

    vila.refuses = True
    page.get_by_test_id("vila-start").click()
    expect(page.get_by_test_id("vila-failure")).to_contain_text("Check the key")
    expect(page.get_by_test_id("vila-sign")).to_have_count(0)


def test_the_example_of_the_seed_in_the_python_of_the_tab(page: Page, vila: Vila) -> None:
    seed = (FIXTURES / "seed_002_vila.md").read_text()
    code = seed.split("#### Python Example with VideoStream")[1].split("```python\n")[1].split("```")[0]
    page.get_by_test_id("go-chat").click()  # the Vision tab lets go of its camera
    vila.replies = 3
    printed = page.evaluate(
        "(code) => alcove.python.run(code, { timeoutMs: 60_000 })",
        "import contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()) as printed:\n"
        f"    exec({code.replace('wss://api-vila.openmind.com', vila.url)!r})\n"
        "printed.getvalue()",
    )
    assert printed == "VLM Analysis: JPEG (640, 480) red\n" * 3
    assert vila.paths == ["/?api_key=om1_live_your_api_key"]
    wait_for(page, lambda: page.evaluate("live()") == 0, "the camera is let go")
